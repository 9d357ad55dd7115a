/** Redis: a single node, or a replication group with encryption and failover. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { redisUrl } from "@proliferate-infra/shared/aws/connection-urls";
import { createAlarms } from "@proliferate-infra/shared/aws/alarms";
import type { ProducedDataOutputs } from "@proliferate-infra/shared/contracts/data-outputs";
import { redisAlarms } from "./data-alarms.ts";
import type { LayerScope } from "@proliferate-infra/shared/program/layer";

const PORT = 6379;
const FAMILY = "redis7";

type RedisOutputs = Pick<
  ProducedDataOutputs,
  "redisEndpoint" | "redisNodeIds" | "redisPort" | "redisUrl" | "redisUrlIsSecret"
>;

/** Redis as it is reached, and as CloudWatch calls it. */
interface Redis {
  readonly endpoint: pulumi.Output<string>;
  readonly nodeIds: pulumi.Output<string>[];
  /** Whether it speaks TLS now, which a setting alone does not change. */
  readonly tls: pulumi.Output<boolean>;
}

/** Creates Redis in the private subnets. */
export function createRedis(scope: LayerScope<"data">): RedisOutputs {
  const { settings, parent } = scope;
  const { alarmTopicArn: topicArn, resourcePrefix } = settings;
  const redis = settings.redisReplicationEnabled ? createReplicationGroup(scope) : createSingleNode(scope);
  createAlarms({ resourcePrefix, name: "redis", topicArn }, redisAlarms(redis.nodeIds), parent);
  const { endpoint } = redis;
  const token = settings.redisAuthToken;
  const place = pulumi.output({ host: endpoint, tls: redis.tls });
  return {
    redisEndpoint: endpoint,
    redisNodeIds: pulumi.all(redis.nodeIds),
    redisPort: PORT,
    redisUrl:
      token === undefined
        ? place.apply((found) => redisUrl({ ...found, port: PORT }))
        : pulumi.all([place, token]).apply(([found, password]) => redisUrl({ ...found, port: PORT, password })),
    redisUrlIsSecret: token !== undefined,
  };
}

function createSubnetGroup({ upstream: { network }, parent, name }: LayerScope<"data">): aws.elasticache.SubnetGroup {
  return new aws.elasticache.SubnetGroup(
    name("subnetGroup", "redis"),
    { subnetIds: network.privateSubnetIds, description: "Private subnets for Redis" },
    { parent },
  );
}

function createParameterGroup({ parent, name }: LayerScope<"data">): aws.elasticache.ParameterGroup {
  return new aws.elasticache.ParameterGroup(
    name("parameterGroup", "redis"),
    {
      family: FAMILY,
      description: "Queues must not lose entries: writes fail when memory is full",
      // BullMQ keeps its queues in Redis and demands this policy (docs.bullmq.io, going to production).
      parameters: [{ name: "maxmemory-policy", value: "noeviction" }],
    },
    { parent },
  );
}

/** Settings that both forms of Redis share. */
function commonArgs(scope: LayerScope<"data">) {
  const { settings, upstream } = scope;
  const subnetGroup = createSubnetGroup(scope);
  return {
    engine: "redis",
    engineVersion: settings.redisEngineVersion,
    nodeType: settings.redisNodeType,
    port: PORT,
    subnetGroupName: subnetGroup.name,
    parameterGroupName: createParameterGroup(scope).name,
    securityGroupIds: [upstream.network.redisSecurityGroupId],
    snapshotRetentionLimit: settings.redisSnapshotRetentionDays,
    applyImmediately: settings.applyChanges === "at-once",
    ...(settings.redisMaintenanceWindow !== undefined && { maintenanceWindow: settings.redisMaintenanceWindow }),
    // The subnet group's name ends in characters that are new with each life of the layer, so a snapshot of an
    // earlier life never bars the next one's.
    ...(settings.finalSnapshots && { finalSnapshotIdentifier: pulumi.interpolate`${subnetGroup.name}-final` }),
  };
}

function createSingleNode(scope: LayerScope<"data">): Redis {
  const { settings, parent, name } = scope;
  const cluster = new aws.elasticache.Cluster(
    name("redis", "redis"),
    { ...commonArgs(scope), numCacheNodes: 1, autoMinorVersionUpgrade: "true" },
    { parent, protect: settings.protectResources },
  );
  const endpoint = cluster.cacheNodes.apply(([node]) => {
    if (node === undefined) {
      throw new Error("AWS lists no node of the Redis cluster; run pulumi refresh in stacks/data.");
    }
    return node.address;
  });
  return { endpoint, nodeIds: [cluster.clusterId], tls: pulumi.output(false) };
}

function createReplicationGroup(scope: LayerScope<"data">): Redis {
  const { settings, parent, name } = scope;
  const nodes = 1 + settings.redisReplicaCount;
  const failover = nodes > 1;
  const token = settings.redisAuthToken;
  const group = new aws.elasticache.ReplicationGroup(
    name("redis", "redis"),
    {
      ...commonArgs(scope),
      description: "Redis of the Proliferate application",
      numCacheClusters: nodes,
      autoMinorVersionUpgrade: true,
      automaticFailoverEnabled: failover,
      multiAzEnabled: failover,
      atRestEncryptionEnabled: true,
      ...(settings.kmsKeyArn !== undefined && { kmsKeyId: settings.kmsKeyArn }),
      transitEncryptionEnabled: settings.redisTransitEncryption,
      ...(settings.redisTransitEncryption && { transitEncryptionMode: settings.redisTransitEncryptionMode }),
      // SET, unlike ROTATE, closes the door to clients without a password, and with the token before.
      ...(token !== undefined && {
        authToken: token,
        authTokenUpdateStrategy: settings.redisAuthTokenUpdateStrategy,
      }),
    },
    { parent, protect: settings.protectResources },
  );
  // ElastiCache names the nodes after their group (User Guide, Creating a replication group).
  const nodeIds = Array.from({ length: nodes }, (_, index) => {
    return pulumi.interpolate`${group.replicationGroupId}-${String(index + 1).padStart(3, "0")}`;
  });
  return { endpoint: group.primaryEndpointAddress, nodeIds, tls: group.transitEncryptionEnabled };
}
