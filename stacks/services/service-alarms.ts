/** What is watched of a service: load on its tasks, and what its load balancer sees of them. */
import type * as pulumi from "@pulumi/pulumi";
import type { AlarmDefinition } from "@proliferate-infra/shared/aws/alarms";

/** How CloudWatch's metrics call a service. */
export interface ServiceMetrics {
  readonly clusterName: pulumi.Input<string>;
  readonly serviceName: string;
  /** Whether Container Insights count the tasks. */
  readonly hasInsights: boolean;
  /** Where the errors in its log are counted. */
  readonly loggedErrors: { readonly namespace: string; readonly metricName: string };
  /** Undefined for a service without a load balancer. */
  readonly loadBalancer:
    { readonly name: pulumi.Input<string>; readonly targetGroup: pulumi.Input<string> } | undefined;
}

const MINUTE = 60;

/** Alarms that a bad deployment sets off; ECS goes back to the one before when they do while it deploys. */
export const DEPLOYMENT_ALARMS = ["errors", "unhealthy"] as const;

/** Alarms of a service; those of its load balancer last. */
export function serviceAlarms(metrics: ServiceMetrics): readonly AlarmDefinition[] {
  const { clusterName, serviceName, loadBalancer, hasInsights, loggedErrors } = metrics;
  const ofTasks = {
    namespace: "AWS/ECS",
    dimensions: { ClusterName: clusterName, ServiceName: serviceName },
    statistic: "Average",
    comparison: "above",
    threshold: 85,
    period: 5 * MINUTE,
    evaluationPeriods: 3,
  } as const;
  const tasks: readonly AlarmDefinition[] = [
    {
      key: "cpu",
      metricName: "CPUUtilization",
      description: "Tasks use more than 85% of their CPU for 15 minutes.",
      ...ofTasks,
    },
    {
      key: "memory",
      metricName: "MemoryUtilization",
      description: "Tasks use more than 85% of their memory for 15 minutes.",
      ...ofTasks,
    },
  ];
  return [
    ...tasks,
    {
      key: "logged-errors",
      ...loggedErrors,
      dimensions: {},
      statistic: "Sum",
      comparison: "above",
      threshold: 10,
      period: 5 * MINUTE,
      evaluationPeriods: 1,
      description: "The service logged more than 10 errors in 5 minutes.",
    },
    ...(hasInsights ? [missingTasks(ofTasks.dimensions)] : []),
    ...(loadBalancer === undefined ? [] : [...targetAlarms(loadBalancer), ...trafficAlarms(loadBalancer)]),
  ];
}

/** Longer than a deployment takes, during which there are more tasks than are wanted, or a start. */
function missingTasks(dimensions: AlarmDefinition["dimensions"]): AlarmDefinition {
  return {
    key: "missing-tasks",
    namespace: "ECS/ContainerInsights",
    metricName: "DesiredTaskCount",
    minus: "RunningTaskCount",
    dimensions,
    statistic: "Average",
    comparison: "above",
    threshold: 0,
    period: 5 * MINUTE,
    evaluationPeriods: 3,
    description: "Fewer tasks run than shall run for 15 minutes.",
  };
}

function targetAlarms(names: NonNullable<ServiceMetrics["loadBalancer"]>): readonly AlarmDefinition[] {
  const ofTargets = {
    namespace: "AWS/ApplicationELB",
    dimensions: { LoadBalancer: names.name, TargetGroup: names.targetGroup },
    comparison: "above",
  } as const;
  return [
    {
      key: "errors",
      metricName: "HTTPCode_Target_5XX_Count",
      statistic: "Sum",
      description: "Tasks answered more than 10 requests with a server error in 5 minutes.",
      ...{ ...ofTargets, threshold: 10, period: 5 * MINUTE, evaluationPeriods: 1 },
    },
    {
      key: "unhealthy",
      metricName: "UnHealthyHostCount",
      statistic: "Maximum",
      description: "A task fails its health check for 5 minutes.",
      ...{ ...ofTargets, threshold: 0, period: MINUTE, evaluationPeriods: 5 },
    },
  ];
}

function trafficAlarms(names: NonNullable<ServiceMetrics["loadBalancer"]>): readonly AlarmDefinition[] {
  return [
    {
      key: "load-balancer-errors",
      namespace: "AWS/ApplicationELB",
      metricName: "HTTPCode_ELB_5XX_Count",
      description: "The load balancer itself answered more than 10 requests with an error in 5 minutes.",
      dimensions: { LoadBalancer: names.name },
      statistic: "Sum",
      comparison: "above",
      threshold: 10,
      period: 5 * MINUTE,
      evaluationPeriods: 1,
    },
    {
      key: "latency",
      namespace: "AWS/ApplicationELB",
      metricName: "TargetResponseTime",
      // The time to the first byte of an answer (CloudWatch metrics of Application Load Balancers): streams do not count.
      description: "One answer in twenty begins later than after 10 seconds, for 15 minutes.",
      dimensions: { LoadBalancer: names.name, TargetGroup: names.targetGroup },
      statistic: "p95",
      comparison: "above",
      threshold: 10,
      period: 5 * MINUTE,
      evaluationPeriods: 3,
    },
  ];
}
