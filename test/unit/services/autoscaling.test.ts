import { expect } from "chai";
import type { SampleChanges } from "../../support/sample-configuration.ts";
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

  it("is there for every service with an image", async () => {
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
});
