import { expect } from "chai";
import type { SampleChanges } from "@proliferate-infra/testing/sample-configuration";
import { allImages, recordServices, types } from "./recorded-layer.ts";

describe("autoscaling", () => {
  it("keeps services with an image between their limits, by CPU", async () => {
    const { recording } = await recordServices({
      workerImageTag: "w1",
      workerMinCount: "2",
      workerDesiredCount: "3",
      workerMaxCount: "7",
    });
    expect(recording.only(types.scalingTarget).inputs).to.deep.equal({
      serviceNamespace: "ecs",
      scalableDimension: "ecs:service:DesiredCount",
      resourceId: "service/proliferate/proliferate-worker",
      minCapacity: 2,
      maxCapacity: 7,
    });
    expect(recording.only(types.scalingPolicy).inputs).to.deep.equal({
      name: "proliferate-worker-cpu",
      policyType: "TargetTrackingScaling",
      serviceNamespace: "ecs",
      scalableDimension: "ecs:service:DesiredCount",
      resourceId: "service/proliferate/proliferate-worker",
      targetTrackingScalingPolicyConfiguration: {
        predefinedMetricSpecification: { predefinedMetricType: "ECSServiceAverageCPUUtilization" },
        targetValue: 60,
        scaleOutCooldown: 60,
        scaleInCooldown: 300,
      },
    });
    expect(recording.only(types.service, "worker-service").inputs.desiredCount).to.equal(3);
    expect(recording.options.get("worker-service")?.ignoreChanges).to.deep.equal(["desiredCount"]);
  });

  it("exists for every service with an image", async () => {
    const { recording } = await recordServices(allImages);
    expect(recording.all(types.scalingTarget).map(({ inputs }) => inputs.resourceId)).to.deep.equal([
      "service/proliferate/proliferate-gateway",
      "service/proliferate/proliferate-llm-proxy",
      "service/proliferate/proliferate-worker",
    ]);
  });

  const off: readonly [string, SampleChanges, string][] = [
    ["a service without an image", {}, "worker-service-idle"],
    ["a fixed number", { workerImageTag: "w1", workerMaxCount: "1" }, "worker-service"],
  ];
  for (const [what, changes, service] of off) {
    it(`is off for ${what}, whose number then follows the setting`, async () => {
      const { recording } = await recordServices(changes);
      expect(recording.all(types.scalingTarget)).to.deep.equal([]);
      expect(recording.all(types.scalingPolicy)).to.deep.equal([]);
      expect(recording.options.get(service)?.ignoreChanges).to.deep.equal([]);
    });
  }

  it("also follows requests, if configured, for services behind a load balancer", async () => {
    const { recording } = await recordServices({ ...allImages, requestsPerTarget: "600" });
    const policies = recording.all(types.scalingPolicy).map(({ name }) => name);
    expect(policies).to.deep.equal([
      "gateway-scaling-cpu",
      "gateway-scaling-requests",
      "llm-proxy-scaling-cpu",
      "llm-proxy-scaling-requests",
      "worker-scaling-cpu",
    ]);
    expect(recording.only(types.scalingPolicy, "gateway-scaling-requests").inputs).to.deep.include({
      name: "proliferate-gateway-requests",
      targetTrackingScalingPolicyConfiguration: {
        predefinedMetricSpecification: {
          predefinedMetricType: "ALBRequestCountPerTarget",
          resourceLabel: "app/alb-of-sg-0001/targetgroup/on-8787",
        },
        targetValue: 600,
        scaleOutCooldown: 60,
        scaleInCooldown: 300,
      },
    });
  });

  it("pauses every service with an image, even with a fixed number of tasks", async () => {
    const { recording } = await recordServices({
      ...{ protectResources: "false", gatewayImageTag: "g1", workerImageTag: "w1", workerMaxCount: "1" },
      ...{ workerMinCount: "0", pauseAt: "cron(0 20 ? * MON-FRI *)", resumeAt: "cron(0 6 ? * MON-FRI *)" },
      pauseTimeZone: "Europe/Berlin",
    });
    const actions = Object.fromEntries(recording.all(types.scalingAction).map(({ name, inputs }) => [name, inputs]));
    expect(Object.keys(actions)).to.deep.equal(["gateway-pause", "gateway-resume", "worker-pause", "worker-resume"]);
    const place = {
      serviceNamespace: "ecs",
      scalableDimension: "ecs:service:DesiredCount",
      resourceId: "service/proliferate/proliferate-worker",
      timezone: "Europe/Berlin",
    };
    expect(actions["worker-pause"]).to.deep.equal({
      ...place,
      name: "proliferate-worker-pause",
      schedule: "cron(0 20 ? * MON-FRI *)",
      scalableTargetAction: { minCapacity: 0, maxCapacity: 0 },
    });
    expect(actions["worker-resume"]).to.deep.include({
      schedule: "cron(0 6 ? * MON-FRI *)",
      scalableTargetAction: { minCapacity: 1, maxCapacity: 1 },
    });
    expect(actions["gateway-resume"]?.scalableTargetAction).to.deep.equal({ minCapacity: 1, maxCapacity: 4 });
    expect(recording.options.get("worker-service")?.ignoreChanges).to.deep.equal(["desiredCount"]);
  });
});
