/** Databases and caches. AWS takes minutes to create them. */
import {
  DescribeReplicationGroupsCommand,
  ElastiCacheClient,
  DescribeCacheClustersCommand,
  waitUntilCacheClusterAvailable,
  waitUntilReplicationGroupAvailable,
} from "@aws-sdk/client-elasticache";
import { DescribeDBInstancesCommand, RDSClient, waitUntilDBInstanceAvailable } from "@aws-sdk/client-rds";
import { withAwsClient } from "@proliferate-infra/backend/aws/client";
import { textOf, unlessMissing, waiting, type Finder } from "./creation.ts";

export const dbInstance: Finder = (creation, options) =>
  withAwsClient(RDSClient, { region: options.region }, async (client) => {
    const request = { DBInstanceIdentifier: textOf(creation, "identifier") };
    const found = await unlessMissing("DBInstanceNotFoundFault", () =>
      client.send(new DescribeDBInstancesCommand(request)),
    );
    if (found === undefined) {
      return undefined;
    }
    await waitUntilDBInstanceAvailable(waiting(client, options), request);
    return found.DBInstances?.[0]?.DbiResourceId;
  });

export const cacheCluster: Finder = (creation, options) =>
  withAwsClient(ElastiCacheClient, { region: options.region }, async (client) => {
    const request = { CacheClusterId: textOf(creation, "clusterId") };
    const found = await unlessMissing("CacheClusterNotFoundFault", () =>
      client.send(new DescribeCacheClustersCommand(request)),
    );
    if (found === undefined) {
      return undefined;
    }
    await waitUntilCacheClusterAvailable(waiting(client, options), request);
    return request.CacheClusterId;
  });

export const replicationGroup: Finder = (creation, options) =>
  withAwsClient(ElastiCacheClient, { region: options.region }, async (client) => {
    const request = { ReplicationGroupId: textOf(creation, "replicationGroupId") };
    const search = () => client.send(new DescribeReplicationGroupsCommand(request));
    if ((await unlessMissing("ReplicationGroupNotFoundFault", search)) === undefined) {
      return undefined;
    }
    await waitUntilReplicationGroupAvailable(waiting(client, options), request);
    return request.ReplicationGroupId;
  });
