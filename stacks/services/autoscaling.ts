/** Number of a service's tasks: by load, and none while the environment is paused. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { LayerSettings } from "@proliferate-infra/shared/settings/pulumi-settings";
import type { PublicLoadBalancer } from "./load-balancer.ts";
import type { ServiceDefinition } from "./service-definitions.ts";

/** Average CPU, in percent, that the number of tasks is kept near. */
const CPU_TARGET_PERCENT = 60;

/** Quick to grow, slow to shrink; in seconds. */
const COOLDOWNS = { scaleOutCooldown: 60, scaleInCooldown: 300 };

type ScalingSettings = Pick<
  LayerSettings<"services">,
  "resourcePrefix" | "requestsPerTarget" | "pauseAt" | "resumeAt" | "pauseTimeZone"
>;

/** Whether something else than the setting decides on the number of tasks: load between limits, or the clock. */
export function scales({ imageTag, minCount, maxCount }: ServiceDefinition, { pauseAt }: ScalingSettings): boolean {
  return imageTag !== undefined && (maxCount > minCount || pauseAt !== undefined);
}

/** Inputs of a service's autoscaling. */
export interface AutoscalingArgs {
  readonly settings: ScalingSettings;
  readonly definition: ServiceDefinition;
  readonly clusterName: pulumi.Input<string>;
  readonly serviceName: pulumi.Input<string>;
  /** Undefined for a service that nothing reaches. */
  readonly loadBalancer: Pick<PublicLoadBalancer, "metricName" | "targetGroup"> | undefined;
}

/** Keeps the service's load near its targets, with `minCount` to `maxCount` tasks, and pauses it. */
export function createAutoscaling(args: AutoscalingArgs, parent: pulumi.Resource): void {
  const { settings, definition, loadBalancer } = args;
  const { minCount, maxCount, name } = definition;
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
  if (maxCount > minCount) {
    follow(
      args,
      target,
      "cpu",
      { predefinedMetricType: "ECSServiceAverageCPUUtilization" },
      CPU_TARGET_PERCENT,
      parent,
    );
    if (loadBalancer !== undefined && settings.requestsPerTarget !== undefined) {
      const resourceLabel = pulumi.interpolate`${loadBalancer.metricName}/${loadBalancer.targetGroup.arnSuffix}`;
      const metric = { predefinedMetricType: "ALBRequestCountPerTarget", resourceLabel };
      follow(args, target, "requests", metric, settings.requestsPerTarget, parent);
    }
  }
  schedulePause(args, target, parent);
}

function follow(
  { settings, definition }: AutoscalingArgs,
  target: aws.appautoscaling.Target,
  what: string,
  metric: aws.types.input.appautoscaling.PolicyTargetTrackingScalingPolicyConfigurationPredefinedMetricSpecification,
  targetValue: number,
  parent: pulumi.Resource,
): void {
  new aws.appautoscaling.Policy(
    `${definition.name}-scaling-${what}`,
    {
      name: `${settings.resourcePrefix}-${definition.name}-${what}`,
      policyType: "TargetTrackingScaling",
      ...placeOf(target),
      targetTrackingScalingPolicyConfiguration: { predefinedMetricSpecification: metric, targetValue, ...COOLDOWNS },
    },
    { parent },
  );
}

/** With limits of zero there is no task; the end of the pause brings the limits back, and with them the tasks. */
function schedulePause(
  { settings, definition }: AutoscalingArgs,
  target: aws.appautoscaling.Target,
  parent: pulumi.Resource,
) {
  const { pauseAt, resumeAt, pauseTimeZone: timezone, resourcePrefix } = settings;
  if (pauseAt === undefined || resumeAt === undefined) {
    return;
  }
  const { name, minCount, maxCount } = definition;
  // A service that was paused comes back with at least one task, even where its lower limit is 0.
  const back = { minCapacity: Math.max(minCount, Math.min(1, maxCount)), maxCapacity: maxCount };
  const actions = [
    ["pause", pauseAt, { minCapacity: 0, maxCapacity: 0 }],
    ["resume", resumeAt, back],
  ] as const;
  for (const [what, schedule, scalableTargetAction] of actions) {
    new aws.appautoscaling.ScheduledAction(
      `${name}-${what}`,
      { name: `${resourcePrefix}-${name}-${what}`, ...placeOf(target), schedule, timezone, scalableTargetAction },
      { parent },
    );
  }
}

function placeOf({ serviceNamespace, scalableDimension, resourceId }: aws.appautoscaling.Target) {
  return { serviceNamespace, scalableDimension, resourceId };
}
