/** Number of a service's tasks by load. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { ServiceDefinition } from "./service-definitions.ts";

/** Average CPU, in percent, that the number of tasks is kept near. */
const CPU_TARGET_PERCENT = 60;

/** Whether the number of tasks follows the load: there is an image to run and room between the limits. */
export function scales({ imageTag, minCount, maxCount }: ServiceDefinition): boolean {
  return imageTag !== undefined && maxCount > minCount;
}

/** Inputs of a service's autoscaling. */
export interface AutoscalingArgs {
  readonly resourcePrefix: string;
  readonly definition: ServiceDefinition;
  readonly clusterName: pulumi.Input<string>;
  readonly serviceName: pulumi.Input<string>;
}

/** Keeps the service's average CPU near the target, with `minCount` to `maxCount` tasks. */
export function createAutoscaling(args: AutoscalingArgs, parent: pulumi.Resource): void {
  const { name, minCount, maxCount } = args.definition;
  const target = new aws.appautoscaling.Target(
    `${name}-scaling`,
    {
      serviceNamespace: "ecs",
      scalableDimension: "ecs:service:DesiredCount",
      resourceId: pulumi.interpolate`service/${args.clusterName}/${args.serviceName}`,
      minCapacity: minCount,
      maxCapacity: maxCount,
    },
    { parent },
  );
  new aws.appautoscaling.Policy(
    `${name}-scaling-cpu`,
    {
      name: `${args.resourcePrefix}-${name}-cpu`,
      policyType: "TargetTrackingScaling",
      serviceNamespace: target.serviceNamespace,
      scalableDimension: target.scalableDimension,
      resourceId: target.resourceId,
      targetTrackingScalingPolicyConfiguration: {
        predefinedMetricSpecification: { predefinedMetricType: "ECSServiceAverageCPUUtilization" },
        targetValue: CPU_TARGET_PERCENT,
        // Quick to grow, slow to shrink.
        scaleOutCooldown: 60,
        scaleInCooldown: 300,
      },
    },
    { parent },
  );
}
