import { expect } from "chai";
import { UnusableOutputs, verifyPlan } from "@proliferate-infra/orchestrator/verify/verify-plan";

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
    const { services } = verifyPlan({ ...outputs, servicesWithoutImage: ["llmProxy"] }, "prod");
    expect(services).to.deep.equal(["app-gateway", "app-worker"]);
  });

  it("needs no llm-proxy", () => {
    const { llmProxyServiceName, llmProxyRepositoryUrl, ...rest } = outputs;
    expect([llmProxyServiceName, llmProxyRepositoryUrl]).to.not.include(undefined);
    expect(verifyPlan(rest, "prod").services).to.deep.equal(["app-gateway", "app-worker"]);
  });

  it("is refused without the outputs that it needs, which are all named with the remedy", () => {
    const incomplete = { ...outputs, clusterName: "", workerServiceName: 7 };
    expect(() => verifyPlan(incomplete, "prod"))
      .to.throw(UnusableOutputs)
      .with.property("message")
      .that.matches(
        /clusterName: must not be empty[\s\S]*workerServiceName: [\s\S]*rollout up --only services --stack prod/,
      );
  });
});
