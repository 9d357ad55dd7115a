/** What is watched of Postgres and Redis. */
import type * as pulumi from "@pulumi/pulumi";
import type { AlarmDefinition } from "@proliferate-infra/shared/aws/alarms";

const MINUTE = 60;
const GIB = 2 ** 30;

/** Alarms of an RDS instance that is to have at most `connections`. */
export function databaseAlarms(instanceId: pulumi.Input<string>, connections: number): readonly AlarmDefinition[] {
  const ofInstance = {
    namespace: "AWS/RDS",
    dimensions: { DBInstanceIdentifier: instanceId },
    statistic: "Average",
    period: 5 * MINUTE,
    evaluationPeriods: 3,
  } as const;
  return [
    {
      key: "cpu",
      metricName: "CPUUtilization",
      comparison: "above",
      threshold: 80,
      description: "The database uses more than 80% of its CPU for 15 minutes.",
      ...ofInstance,
    },
    {
      key: "storage",
      metricName: "FreeStorageSpace",
      comparison: "below",
      threshold: 2 * GIB,
      description:
        "Less than 2 GiB of storage are free for 15 minutes; autoscaling has reached dbMaxAllocatedStorageGb.",
      ...ofInstance,
    },
    {
      ...{ key: "connections", metricName: "DatabaseConnections", comparison: "above", threshold: connections },
      description:
        "More than dbConnectionsAlarm connections are open for 15 minutes; at the limit new ones are refused.",
      ...ofInstance,
    },
    {
      ...{ key: "memory", metricName: "FreeableMemory", comparison: "below", threshold: 0.125 * GIB },
      description:
        "Less than 128 MiB of memory are free for 15 minutes; too many connections, or too small an instance.",
      ...ofInstance,
    },
  ];
}

/**
 * Alarms of Redis; one pair for each node, because metrics are by node.
 *
 * @param nodeIds the cache clusters, which a replication group names after itself: `<group>-001`
 */
export function redisAlarms(nodeIds: readonly pulumi.Input<string>[]): readonly AlarmDefinition[] {
  return nodeIds.flatMap((CacheClusterId, index) => {
    const suffix = nodeIds.length === 1 ? "" : `-${index + 1}`;
    const ofNode = {
      namespace: "AWS/ElastiCache",
      dimensions: { CacheClusterId },
      statistic: "Average",
      comparison: "above",
      threshold: 80,
      period: 5 * MINUTE,
      evaluationPeriods: 3,
    } as const;
    return [
      {
        ...{ key: `cpu${suffix}`, metricName: "EngineCPUUtilization" },
        description: "Redis uses more than 80% of the one core that it runs on for 15 minutes.",
        ...ofNode,
      },
      {
        ...{ key: `memory${suffix}`, metricName: "DatabaseMemoryUsagePercentage" },
        description: "Redis uses more than 80% of its memory for 15 minutes; when it is full, queues refuse entries.",
        ...ofNode,
      },
    ];
  });
}
