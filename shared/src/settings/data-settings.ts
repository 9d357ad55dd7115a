/** Keys of the data layer: Redis and Postgres. */
import { bool, integer, numberFrom, oneOf, text, url } from "../values/value-kinds.ts";
import { unlessLocal } from "./common-settings.ts";
import { defaulted, optional, requiredWhen, type Condition } from "./setting.ts";

const withRds: Condition = { when: "enableRds is true", holds: ({ enableRds }) => enableRds === true };
const withoutRds: Condition = { when: "enableRds is false", holds: ({ enableRds }) => enableRds === false };

const data = { layers: ["data"], secret: false } as const;
const secret = { layers: ["data"], secret: true } as const;

const nodeType = text("an ElastiCache node type such as cache.t4g.small", /^cache\.[a-z0-9]+\.[a-z0-9]+$/);
const instanceClass = text("an RDS instance class such as db.t4g.small", /^db\.[a-z0-9]+\.[a-z0-9]+$/);

/** Settings of Redis. */
export const redisSettings = {
  redisReplicationEnabled: defaulted(false, bool, {
    ...data,
    description:
      "Replication group (encrypted, failover) instead of a single-node cluster. Each replica costs what the primary does, " +
      "about 23 USD a month for a cache.t4g.small.",
    replaces: "Redis and the queues in it",
  }),
  redisNodeType: defaulted("cache.t4g.small", nodeType, { ...data, description: "Size of a Redis node." }),
  redisEngineVersion: defaulted("7.1", text("a version of Redis 7 such as 7.1", /^7\.\d$/), {
    ...data,
    description: "Version of Redis; a lower one than before replaces it.",
  }),
  redisReplicaCount: defaulted(1, integer(0, 5), {
    ...data,
    description: "Replicas beside the primary, with replication; failover needs one.",
  }),
  redisSnapshotRetentionDays: defaulted(7, integer(0, 35, "days"), {
    ...data,
    description:
      "How long daily snapshots of Redis are kept; 0 makes none. About 0.085 USD per GB and month beyond the first.",
  }),
  redisTransitEncryption: defaulted(false, bool, {
    ...data,
    description: "TLS to Redis (`rediss://`); needs redisReplicationEnabled.",
  }),
  redisAuthToken: optional(
    text('16 to 128 printable characters without space, `@`, `"` and `/`', /^(?:(?![@"/])[\x21-\x7e]){16,128}$/),
    {
      ...secret,
      description: "Password of Redis; needs redisTransitEncryption.",
      rotation: { effect: "Nobody notices: the old one stays valid until the deployment has ended." },
    },
  ),
  redisAuthTokenUpdateStrategy: defaulted("SET", oneOf("SET", "ROTATE"), {
    ...data,
    description:
      "How a changed redisAuthToken comes into force: SET ends the old one at once, ROTATE keeps it valid beside the new one. " +
      "A rotation switches it to and fro.",
  }),
};

/** Settings of Postgres. */
export const databaseSettings = {
  enableRds: defaulted(true, bool, {
    ...data,
    description: "Postgres on RDS; false needs databaseUrlOverride.",
    replaces: "the database: false deletes it",
  }),
  dbPassword: requiredWhen(
    withRds,
    text('8 to 128 printable ASCII characters without `/`, `@`, `"` and space', /^(?:(?![/@"])[\x21-\x7e]){8,128}$/),
    {
      ...secret,
      description: "Password of the database's user.",
      generated: true,
      rotation: { effect: "Tasks with the old one cannot open new connections until the deployment has ended." },
    },
  ),
  databaseUrlOverride: requiredWhen(withoutRds, url("postgres", "postgresql"), {
    ...secret,
    description: "URL of a database that is managed elsewhere; its own parameters are kept.",
    rotation: { effect: "Nobody notices, if the old one stays valid until the deployment has ended." },
  }),
  dbName: defaulted(
    "proliferate",
    text("a letter, then up to 62 letters, digits and underscores", /^[A-Za-z]\w{0,62}$/),
    {
      ...data,
      description: "Name of the database.",
      replaces: "the database",
    },
  ),
  dbUsername: defaulted(
    "proliferate",
    text(
      "a letter, then up to 15 letters, digits and underscores, but not postgres, admin or rdsadmin",
      /^(?!(?:postgres|admin|rdsadmin)$)[A-Za-z]\w{0,15}$/,
    ),
    { ...data, description: "User of the database.", replaces: "the database" },
  ),
  dbInstanceClass: defaulted("db.t4g.small", instanceClass, { ...data, description: "Size of the database instance." }),
  dbEngineVersion: defaulted("16", text("a major version of Postgres from 14 to 18", /^1[4-8]$/), {
    ...data,
    description: "Major version of Postgres; minor upgrades happen by themselves.",
  }),
  dbAllocatedStorageGb: defaulted(20, integer(20, 65536, "GiB"), { ...data, description: "Storage at creation." }),
  dbMaxAllocatedStorageGb: defaulted(100, integer(20, 65536, "GiB"), {
    ...data,
    description: "Limit of storage autoscaling.",
  }),
  dbBackupRetentionDays: defaulted(7, integer(1, 35, "days"), {
    ...data,
    description:
      "How long backups are kept. Up to the database's size they cost nothing, then about 0.095 USD per GB and month.",
  }),
  finalSnapshots: defaulted(unlessLocal, bool, {
    ...data,
    description:
      "Whether deleting Postgres or Redis leaves a final snapshot and the automated backups, protected or not. " +
      "Storage of about 0.095 USD per GB and month.",
  }),
  dbMultiAz: defaulted(false, bool, {
    ...data,
    description:
      "Standby in the second zone; doubles the price of the instance, about 25 USD a month more for a db.t4g.small.",
  }),
  dbConnectionsAlarm: defaulted(150, integer(1, 100_000), {
    ...data,
    description:
      "Connections to the database above which the alarm goes off, with alarmTopicArn. A db.t4g.small takes about 190.",
  }),
  dbIamAuthentication: defaulted(false, bool, {
    ...data,
    description:
      "People may also log in to the database with IAM tokens, as users that were granted rds_iam. No extra cost.",
  }),
  dbEnhancedMonitoringSeconds: defaulted(0, numberFrom(0, 1, 5, 10, 15, 30, 60), {
    ...data,
    description:
      "How often the database's operating system is looked at, in seconds; 0 is never. " +
      "Logs of about 0.50 USD a month at 60 seconds, 30 USD at 1.",
  }),
};
