/** CloudWatch alarms of a service, sent to the operator's SNS topic. */
import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { PublicLoadBalancer } from "./load-balancer.ts";
import type { ServiceName } from "./service-definitions.ts";

/** Inputs of a service's alarms. */
export interface ServiceAlarmsArgs {
  readonly resourcePrefix: string;
  readonly service: ServiceName;
  /** SNS topic that is told when an alarm goes off and when it is over. */
  readonly topicArn: string;
  readonly clusterName: pulumi.Input<string>;
  readonly serviceName: pulumi.Input<string>;
  /** Undefined for a service without one. */
  readonly loadBalancer: PublicLoadBalancer | undefined;
}

type Condition = Pick<
  aws.cloudwatch.MetricAlarmArgs,
  "metricName" | "namespace" | "dimensions" | "statistic" | "threshold" | "period" | "evaluationPeriods"
>;

/** Creates the alarms: tasks short of CPU or memory; behind a load balancer also errors and unhealthy tasks. */
export function createServiceAlarms(args: ServiceAlarmsArgs, parent: pulumi.Resource): void {
  const alarm = (what: string, alarmDescription: string, condition: Condition) =>
    new aws.cloudwatch.MetricAlarm(
      `${args.service}-alarm-${what}`,
      {
        name: `${args.resourcePrefix}-${args.service}-${what}`,
        alarmDescription,
        comparisonOperator: "GreaterThanThreshold",
        // A service at rest reports nothing.
        treatMissingData: "notBreaching",
        actionsEnabled: true,
        alarmActions: [args.topicArn],
        okActions: [args.topicArn],
        ...condition,
      },
      { parent },
    );
  const ofTasks = {
    namespace: "AWS/ECS",
    dimensions: { ClusterName: args.clusterName, ServiceName: args.serviceName },
    statistic: "Average",
    threshold: 85,
    period: 300,
    evaluationPeriods: 3,
  };
  alarm("cpu", "Tasks use more than 85% of their CPU for 15 minutes", { ...ofTasks, metricName: "CPUUtilization" });
  alarm("memory", "Tasks use more than 85% of their memory for 15 minutes", {
    ...ofTasks,
    metricName: "MemoryUtilization",
  });
  if (args.loadBalancer === undefined) {
    return;
  }
  const { metricName, targetGroup } = args.loadBalancer;
  const ofTargets = {
    namespace: "AWS/ApplicationELB",
    dimensions: { LoadBalancer: metricName, TargetGroup: targetGroup.arnSuffix },
  };
  alarm("errors", "Tasks answered more than 10 requests with a server error in 5 minutes", {
    ...ofTargets,
    metricName: "HTTPCode_Target_5XX_Count",
    statistic: "Sum",
    threshold: 10,
    period: 300,
    evaluationPeriods: 1,
  });
  alarm("unhealthy", "A task fails its health check for 5 minutes", {
    ...ofTargets,
    metricName: "UnHealthyHostCount",
    statistic: "Maximum",
    threshold: 0,
    period: 60,
    evaluationPeriods: 5,
  });
}
