/** Reads changes that AWS has queued until the maintenance window. Import it when it is needed, because it loads the SDK. */
import {
  DescribeCacheClustersCommand,
  DescribeReplicationGroupsCommand,
  ElastiCacheClient,
  type ReplicationGroup,
} from "@aws-sdk/client-elasticache";
import { DescribeDBInstancesCommand, RDSClient } from "@aws-sdk/client-rds";
import { withAwsClient } from "@proliferate-infra/backend/aws/client";
import { callAws } from "@proliferate-infra/backend/aws/call";

/** What to look at, from the outputs of data. */
export interface DataServers {
  /** Identifier of the database instance; undefined where there is none. */
  readonly database: string | undefined;
  /** Any node of Redis; undefined where there is none. */
  readonly redisNode: string | undefined;
}

/** Queued changes of Postgres or Redis. */
export interface PendingChanges {
  readonly server: "Postgres" | "Redis";
  /** In AWS's words, such as `DBInstanceClass=db.t4g.medium`. */
  readonly changes: readonly string[];
  /** Weekly maintenance window in UTC. */
  readonly window: string;
}

/** In milliseconds. A person waits for the answer; the SDK's own limits are longer. */
const TIMEOUTS = { connectionTimeout: 3000, requestTimeout: 10_000 };

/**
 * Changes that AWS has queued; none where AWS has applied all.
 *
 * @param region undefined: the one that AWS_REGION or the profile names
 * @throws AwsCallFailed
 */
export async function readPendingChanges(
  { database, redisNode }: DataServers,
  region: string | undefined,
): Promise<readonly PendingChanges[]> {
  const options = { region, maxAttempts: 2, timeouts: TIMEOUTS };
  const found = await Promise.all([
    database === undefined
      ? undefined
      : withAwsClient(RDSClient, options, (client) => pendingOfPostgres(client, database)),
    redisNode === undefined
      ? undefined
      : withAwsClient(ElastiCacheClient, options, (client) => pendingOfRedis(client, redisNode)),
  ]);
  return found.filter((each) => each !== undefined && each.changes.length > 0) as PendingChanges[];
}

async function pendingOfPostgres(client: RDSClient, id: string): Promise<PendingChanges> {
  const request = new DescribeDBInstancesCommand({ DBInstanceIdentifier: id });
  const { DBInstances: [instance] = [] } = await callAws("rds:DescribeDBInstances", () => client.send(request));
  const { PendingModifiedValues = {}, PreferredMaintenanceWindow: window = "" } = instance ?? {};
  return { server: "Postgres", changes: changesIn(PendingModifiedValues), window };
}

/** A node has changes of its type and version, its group those of the whole. */
async function pendingOfRedis(client: ElastiCacheClient, id: string): Promise<PendingChanges> {
  const group = await replicationGroupOf(client, id);
  const request = new DescribeCacheClustersCommand({ CacheClusterId: group?.MemberClusters?.[0] ?? id });
  const { CacheClusters: [node = {}] = [] } = await callAws("elasticache:DescribeCacheClusters", () =>
    client.send(request),
  );
  const { PendingModifiedValues, PreferredMaintenanceWindow: window = "" } = node;
  return { server: "Redis", changes: changesIn({ ...PendingModifiedValues, ...group?.PendingModifiedValues }), window };
}

/** The group of a node, whose name ElastiCache makes from the group's: `<group>-001`. Undefined for a single node. */
async function replicationGroupOf(client: ElastiCacheClient, node: string): Promise<ReplicationGroup | undefined> {
  const [, ReplicationGroupId] = /^(.+)-\d{3}$/.exec(node) ?? [];
  if (ReplicationGroupId === undefined) {
    return undefined;
  }
  const request = new DescribeReplicationGroupsCommand({ ReplicationGroupId });
  const { ReplicationGroups: [group] = [] } = await callAws("elasticache:DescribeReplicationGroups", () =>
    client.send(request),
  );
  return group;
}

/** The fields that have a value; AWS masks passwords. */
function changesIn(values: object): readonly string[] {
  return Object.entries(values).flatMap(([name, value]) => {
    const isEmpty = value === undefined || (Array.isArray(value) && value.length === 0);
    return isEmpty ? [] : [`${name}=${typeof value === "string" ? value : JSON.stringify(value)}`];
  });
}
