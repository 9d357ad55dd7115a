import { expect } from "chai";
import { digestTag, type LifecycleRule } from "@proliferate-infra/shared/aws/image-lifecycle";
import { isSecret, valueOf } from "@proliferate-infra/testing/recording-mocks";
import { allImages, recordServices, types } from "./recorded-layer.ts";

const services = ["gateway", "llm-proxy", "worker"];

describe("the cluster", () => {
  it("has Container Insights and both Fargate capacity providers", async () => {
    const { recording } = await recordServices();
    expect(recording.only(types.cluster).inputs).to.deep.equal({
      name: "proliferate",
      settings: [{ name: "containerInsights", value: "enabled" }],
    });
    expect(recording.only(types.capacityProviders).inputs).to.deep.equal({
      clusterName: "proliferate",
      capacityProviders: ["FARGATE", "FARGATE_SPOT"],
      defaultCapacityProviderStrategies: [{ capacityProvider: "FARGATE", base: 1, weight: 1 }],
    });
  });

  it("has the configured level of Container Insights", async () => {
    const { recording } = await recordServices({ containerInsights: "enhanced" });
    expect(recording.only(types.cluster).inputs.settings).to.deep.equal([
      { name: "containerInsights", value: "enhanced" },
    ]);
  });
});

describe("repositories", () => {
  it("have immutable tags that are scanned on push, one repository per service", async () => {
    const { recording } = await recordServices();
    expect(recording.all(types.repository).map(({ inputs }) => inputs)).to.deep.equal(
      services.map((service) => ({
        name: `proliferate-${service}`,
        imageTagMutability: "IMMUTABLE",
        imageScanningConfiguration: { scanOnPush: true },
        forceDelete: false,
      })),
    );
  });

  it("keep the last 10 images, those that run and those before them, by tags", async () => {
    const digest = `sha256:${"0".repeat(64)}`;
    const last = { gatewayImageTag: "g0", workerImageTag: digest, workerPreviousImageTag: "w0" };
    const images = { ...allImages, workerImageTag: digest };
    const { recording, result } = await recordServices(images, {}, "prod", {}, last);
    const policies = recording.all(types.lifecyclePolicy).map(({ inputs }) => {
      const { rules } = JSON.parse(inputs.policy as string) as { readonly rules: readonly LifecycleRule[] };
      return [inputs.repository, rules.flatMap(({ selection }) => selection.tagPatternList ?? selection.tagStatus)];
    });
    expect(policies).to.deep.equal([
      ["proliferate-gateway", ["g1", "g0", "*", "untagged"]],
      ["proliferate-llm-proxy", ["l1", "*", "untagged"]],
      ["proliferate-worker", [digestTag(digest), "w0", "*", "untagged"]],
    ]);
    expect(result).to.include({ gatewayPreviousImageTag: "g0", workerPreviousImageTag: "w0" });
    expect(result).not.to.have.property("llmProxyPreviousImageTag");
  });

  it("are protected, or deleted with their images when protection is off", async () => {
    const prod = await recordServices();
    const local = await recordServices({}, {}, "local");
    for (const service of services) {
      const name = `${service}-repository`;
      expect(prod.recording.options.get(name)?.protect).to.equal(true);
      expect(local.recording.options.get(name)?.protect).to.equal(false);
      expect(local.recording.only(types.repository, name).inputs.forceDelete).to.equal(true);
    }
  });
});

describe("log groups", () => {
  it("keep logs as long as configured, one group per service", async () => {
    for (const [changes, days] of [
      [{}, 30],
      [{ logRetentionDays: "365" }, 365],
    ] as const) {
      const { recording } = await recordServices(changes);
      expect(recording.all(types.logGroup).map(({ inputs }) => inputs)).to.deep.equal(
        services.map((service) => ({ name: `proliferate-${service}`, retentionInDays: days })),
      );
    }
  });
});

describe("the services layer", () => {
  it("exports URLs, repositories, cluster and services, nothing secret", async () => {
    const { result } = await recordServices(allImages);
    const values = await Promise.all(
      Object.entries(result).map(async ([key, output]) => [key, await valueOf(output)] as const),
    );
    expect(Object.fromEntries(values)).to.deep.equal({
      gatewayTaskRoleArn: "arn:aws:iam:us-east-1:123456789012:proliferate-object-store-task",
      llmProxyTaskRoleArn: "arn:aws:iam:us-east-1:123456789012:proliferate-task",
      workerTaskRoleArn: "arn:aws:iam:us-east-1:123456789012:proliferate-object-store-task",
      gatewayUrl: "http://alb-of-sg-0001.example.com",
      llmProxyUrl: "http://alb-of-sg-0003.example.com",
      gatewayRepositoryUrl: "registry.example.com/proliferate-gateway",
      llmProxyRepositoryUrl: "registry.example.com/proliferate-llm-proxy",
      workerRepositoryUrl: "registry.example.com/proliferate-worker",
      clusterName: "proliferate",
      gatewayImageTag: "g1",
      llmProxyImageTag: "l1",
      workerImageTag: "w1",
      gatewayServiceName: "proliferate-gateway",
      llmProxyServiceName: "proliferate-llm-proxy",
      workerServiceName: "proliferate-worker",
      servicesWithoutImage: [],
    });
    for (const [key, output] of Object.entries(result)) {
      expect(await isSecret(output), `${key} is plain`).to.equal(false);
    }
  });

  it("puts another environment's prefix first in every physical name", async () => {
    const { recording } = await recordServices({ ...allImages, resourcePrefix: "proliferate-staging" });
    const named = recording.resources.filter(({ inputs }) => typeof inputs.name === "string");
    expect(named.length).to.be.greaterThan(10);
    for (const { inputs } of named) {
      expect(inputs.name).to.match(/^proliferate-staging(-|$)/);
    }
  });

  it("creates identical task definitions in two runs", async () => {
    const rendered = async () => {
      const { recording } = await recordServices(allImages);
      return recording.all(types.taskDefinition).map(({ inputs }) => inputs.containerDefinitions);
    };
    expect(await rendered()).to.deep.equal(await rendered());
  });

  it("never uses the default provider, and gives everything a parent", async () => {
    const { recording } = await recordServices({
      ...allImages,
      enableExecuteCommand: "true",
      alarmTopicArn: "arn:aws:sns:us-east-1:123456789012:alarms",
    });
    const ofAws = recording.resources.filter(({ type }) => type.startsWith("aws:"));
    expect(ofAws.length).to.be.greaterThan(30);
    for (const { name, type, provider } of ofAws) {
      expect(provider, `${type} ${name}`).to.contain("pulumi:providers:aws::aws::");
      expect(recording.options.get(name)?.parent, `${type} ${name}`).not.to.equal(undefined);
    }
  });
});
