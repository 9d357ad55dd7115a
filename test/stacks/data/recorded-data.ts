/** The data layer as it registers itself with the sample settings. */
import { createDataLayer } from "proliferate-data/data-layer.ts";
import { recordLayer } from "@proliferate-infra/testing/recorded-layer";
import type { ComputedOutputs, Recording } from "@proliferate-infra/testing/recording-mocks";
import type { SampleChanges } from "@proliferate-infra/testing/sample-configuration";
import { upstreamOutputs } from "@proliferate-infra/testing/upstream-outputs";

/** Type tokens of the resources that tests look for. */
export const types = {
  database: "aws:rds/instance:Instance",
  databaseParameters: "aws:rds/parameterGroup:ParameterGroup",
  databaseSubnets: "aws:rds/subnetGroup:SubnetGroup",
  redisNode: "aws:elasticache/cluster:Cluster",
  redisGroup: "aws:elasticache/replicationGroup:ReplicationGroup",
  redisParameters: "aws:elasticache/parameterGroup:ParameterGroup",
  redisSubnets: "aws:elasticache/subnetGroup:SubnetGroup",
} as const;

/** Private subnets of the sample network. */
export const privateSubnets = ["subnet-0b1", "subnet-0b2"];

/** Sample settings of a replication group with TLS and a token, whose characters need encoding. */
export const tlsAndToken: SampleChanges = {
  redisReplicationEnabled: "true",
  redisTransitEncryption: "true",
  redisAuthToken: "token#0123456789%x",
};

/** What AWS alone knows; auto-named groups get AWS's usual suffix. */
export const computed = {
  [types.database]: { address: "db.example.internal", identifier: "proliferate-postgres-0a1b2c3" },
  [types.redisNode]: { clusterId: "proliferate-redis-0a1b2c3", cacheNodes: [{ address: "node.example.internal" }] },
  [types.redisGroup]: {
    replicationGroupId: "proliferate-redis-0a1b2c3",
    primaryEndpointAddress: "primary.example.internal",
  },
  [types.databaseSubnets]: { name: "database-subnets-0a1b2c3" },
  [types.databaseParameters]: { name: "database-parameters-0a1b2c3" },
  [types.redisSubnets]: { name: "redis-subnets-0a1b2c3" },
  [types.redisParameters]: { name: "redis-parameters-0a1b2c3" },
};

/** Records the layer on the sample network. */
export function recordData(changes: SampleChanges = {}, stack = "prod", others: ComputedOutputs = {}) {
  const upstream = () => ({ network: upstreamOutputs("network") });
  return recordLayer("data", createDataLayer, { changes, stack, upstream, computed: { ...computed, ...others } });
}

/** Logical names of everything that Pulumi refuses to delete. */
export function protectedNames({ options }: Recording): string[] {
  return [...options].filter(([, { protect }]) => protect === true).map(([name]) => name);
}
