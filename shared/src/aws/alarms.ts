/** CloudWatch alarms as data, and the resources that they become. All of an environment go to one SNS topic. */
import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

/** A metric that is watched, and when it is too much or too little. */
export interface AlarmDefinition {
  /** Last part of its name, such as `cpu`. */
  readonly key: string;
  /** What has happened when it goes off, as a sentence. */
  readonly description: string;
  readonly namespace: string;
  readonly metricName: string;
  /** A metric of the same namespace and dimensions that is taken off the first one. */
  readonly minus?: string;
  readonly dimensions: Readonly<Record<string, pulumi.Input<string>>>;
  /** A statistic, or a percentile such as `p95`. */
  readonly statistic: "Average" | "Maximum" | "Minimum" | "Sum" | `p${number}`;
  readonly comparison: "above" | "below";
  readonly threshold: number;
  /** Seconds that one value stands for. */
  readonly period: number;
  /** How many such values in a row it takes. */
  readonly evaluationPeriods: number;
}

export interface AlarmOwner {
  readonly resourcePrefix: string;
  /** What is watched, such as `gateway` or `postgres`. */
  readonly name: string;
  /** SNS topic that gets a message when an alarm begins and when it ends; undefined: there are no alarms. */
  readonly topicArn: string | undefined;
}

/** Name of an alarm in CloudWatch. */
export function alarmName({ resourcePrefix, name }: Omit<AlarmOwner, "topicArn">, key: string): string {
  return `${resourcePrefix}-${name}-${key}`;
}

export function createAlarms(
  owner: AlarmOwner,
  definitions: readonly AlarmDefinition[],
  parent: pulumi.Resource,
): readonly aws.cloudwatch.MetricAlarm[] {
  const { topicArn } = owner;
  if (topicArn === undefined) {
    return [];
  }
  return definitions.map((definition) => {
    const { key, description, comparison, threshold, evaluationPeriods } = definition;
    return new aws.cloudwatch.MetricAlarm(
      `${owner.name}-alarm-${key}`,
      {
        name: alarmName(owner, key),
        alarmDescription: description,
        comparisonOperator: comparison === "above" ? "GreaterThanThreshold" : "LessThanThreshold",
        // What does nothing reports nothing.
        treatMissingData: "notBreaching",
        actionsEnabled: true,
        alarmActions: [topicArn],
        okActions: [topicArn],
        threshold,
        evaluationPeriods,
        ...watched(definition),
      },
      { parent },
    );
  });
}

/** One metric, or the difference of two. */
function watched({ namespace, metricName, minus, dimensions, statistic, period }: AlarmDefinition) {
  const common = { namespace, dimensions: { ...dimensions }, period };
  if (minus === undefined) {
    // CloudWatch has percentiles in a field of their own.
    const measured = statistic.startsWith("p") ? { extendedStatistic: statistic } : { statistic };
    return { metricName, ...common, ...measured };
  }
  return {
    metricQueries: [
      { id: "difference", expression: "whole - part", label: `${metricName} - ${minus}`, returnData: true },
      { id: "whole", metric: { ...common, metricName, stat: statistic } },
      { id: "part", metric: { ...common, metricName: minus, stat: statistic } },
    ],
  };
}
