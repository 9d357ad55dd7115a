/**
 * Rules for Redis. Missing TLS or a missing token gives a warning only: the default, a single node, supports neither,
 * and a replication group without them is not less secure.
 */
import { isOn, mustBeAtLeast, mustBeOn, mustBeSet, type Control } from "../control.ts";

const GROUP = "aws:elasticache/replicationGroup:ReplicationGroup";
const NODE = "aws:elasticache/cluster:Cluster";

const backedUp: Omit<Control, "type" | "name"> = {
  description: "Snapshots of Redis are kept for a day or more.",
  controls: ["ElastiCache.1"],
  severity: "high",
  violation: mustBeAtLeast("snapshotRetentionLimit", 1),
  fix: "Set redisSnapshotRetentionDays to 1 or more.",
};
const upgraded: Omit<Control, "type" | "name"> = {
  description: "AWS installs minor versions of Redis automatically.",
  controls: ["ElastiCache.2"],
  severity: "high",
  violation: mustBeOn("autoMinorVersionUpgrade"),
  fix: "Set autoMinorVersionUpgrade.",
};
const placed: Omit<Control, "type" | "name"> = {
  description: "Redis is in private subnets, through its own subnet group.",
  controls: ["ElastiCache.7"],
  severity: "high",
  violation: mustBeSet("subnetGroupName"),
  fix: "Set subnetGroupName to the group of the private subnets.",
};

export const redisRules: readonly Control[] = [
  {
    name: "redis-is-encrypted",
    description: "A replication group's stored data is encrypted. This cannot be changed later.",
    controls: ["ElastiCache.4", "CKV_AWS_29"],
    severity: "medium",
    type: GROUP,
    violation: mustBeOn("atRestEncryptionEnabled"),
    fix: "Set atRestEncryptionEnabled. This replaces an existing group.",
  },
  {
    name: "redis-speaks-tls",
    description: "Connections to a replication group are encrypted.",
    controls: ["ElastiCache.5", "CKV_AWS_30"],
    severity: "medium",
    type: GROUP,
    violation: mustBeOn("transitEncryptionEnabled"),
    fix: "Set redisTransitEncryption to true when the group is created. AWS cannot turn it on later in one step.",
    ifProtected: true,
    advisory: true,
  },
  {
    name: "redis-node-speaks-tls",
    description: "Connections to a single node are encrypted.",
    controls: ["ElastiCache.5", "CKV_AWS_30"],
    severity: "medium",
    type: NODE,
    violation: mustBeOn("transitEncryptionEnabled"),
    fix: "Set redisReplicationEnabled and redisTransitEncryption to true. This replaces Redis.",
    ifProtected: true,
    advisory: true,
  },
  {
    name: "redis-asks-for-a-token",
    description: "A replication group requires a token or a user.",
    controls: ["ElastiCache.6", "CKV_AWS_31"],
    severity: "medium",
    type: GROUP,
    violation: ({ authToken, userGroupIds }) =>
      (authToken === undefined || authToken === null) && userGroupIds === undefined
        ? "it requires no authentication"
        : undefined,
    fix: "Set redisAuthToken (openssl rand -hex 32).",
    ifProtected: true,
    advisory: true,
  },
  {
    name: "redis-fails-over",
    description: "A replication group with a replica fails over to the other zone.",
    controls: ["ElastiCache.3", "CKV2_AWS_50"],
    severity: "medium",
    type: GROUP,
    violation: ({ numCacheClusters, automaticFailoverEnabled, multiAzEnabled }) =>
      Number(numCacheClusters) < 2 || (isOn(automaticFailoverEnabled) && isOn(multiAzEnabled))
        ? undefined
        : "its replica does not take over",
    fix: "Set automaticFailoverEnabled and multiAzEnabled.",
  },
  { name: "redis-group-is-backed-up", type: GROUP, ...backedUp },
  { name: "redis-node-is-backed-up", type: NODE, ...backedUp },
  { name: "redis-group-gets-minor-upgrades", type: GROUP, ...upgraded },
  { name: "redis-node-gets-minor-upgrades", type: NODE, ...upgraded },
  { name: "redis-group-is-in-its-own-subnets", type: GROUP, ...placed },
  { name: "redis-node-is-in-its-own-subnets", type: NODE, ...placed },
];
