import { expect } from "chai";
import { verifyPlan } from "@proliferate-infra/orchestrator/verify/verify-plan";

const repository = (service: string) => `123456789012.dkr.ecr.us-east-1.amazonaws.com/${service}`;
const outputs = {
  gatewayUrl: "http://gateway.example",
  clusterName: "apps",
  gatewayServiceName: "app-gateway",
  llmProxyServiceName: "app-llm-proxy",
  workerServiceName: "app-worker",
  gatewayRepositoryUrl: repository("gateway"),
  llmProxyRepositoryUrl: repository("llm-proxy"),
  workerRepositoryUrl: repository("worker"),
  servicesWithoutImage: [],
};

describe("plan of the verification", () => {
  it("has the cluster and every service", () => {
    expect(verifyPlan(outputs, "prod")).to.deep.equal({
      cluster: "apps",
      services: ["app-gateway", "app-llm-proxy", "app-worker"],
    });
  });

  it("leaves services without an image out", () => {
    expect(verifyPlan({ ...outputs, servicesWithoutImage: ["llmProxy"] }, "prod")).to.deep.equal({
      cluster: "apps",
      services: ["app-gateway", "app-worker"],
    });
  });

  it("needs no llm-proxy", () => {
    const { llmProxyServiceName, llmProxyRepositoryUrl, ...rest } = outputs;
    expect([llmProxyServiceName, llmProxyRepositoryUrl]).to.not.include(undefined);
    expect(verifyPlan(rest, "prod")).to.have.deep.property("services", ["app-gateway", "app-worker"]);
  });

  it("reports missing outputs and the command that creates them", () => {
    const incomplete = { ...outputs, clusterName: "", workerServiceName: 7 };
    expect(verifyPlan(incomplete, "prod")).to.match(
      /clusterName: must not be empty[\s\S]*workerServiceName: [\s\S]*rollout up --only services --stack prod/,
    );
  });
});
