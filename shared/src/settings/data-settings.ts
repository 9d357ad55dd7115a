/** Keys of the data layer: Redis and Postgres. */
import { databaseNameLimits, databaseUserLimits } from "../aws/aws-limits.ts";
import { bool, integer, numberFrom, oneOf, text, url, within } from "../values/value-kinds.ts";
import { POSTGRES_VERSIONS } from "../aws/end-dates.ts";
import { serviceNames } from "../services.ts";
import { weeklyWindow } from "../values/weekly-window.ts";
import { unlessLocal } from "./common-settings.ts";
import {
  atOnce,
  creationOnly,
  interruption,
  deferrable,
  replacement,
  rolling,
  toFalse,
  toHigher,
  toLower,
} from "./effect.ts";
import { defaulted, optional, requiredWhen, type Condition } from "./setting.ts";

const withRds: Condition = { when: "enableRds is true", holds: ({ enableRds }) => enableRds === true };
const withoutRds: Condition = { when: "enableRds is false", holds: ({ enableRds }) => enableRds === false };

const data = { layers: ["data"], secret: false } as const;
const secret = { layers: ["data"], secret: true } as const;

const nodeType = text("an ElastiCache node type such as cache.t4g.small", /^cache\.[a-z0-9]+\.[a-z0-9]+$/);
const instanceClass = text("an RDS instance class such as db.t4g.small", /^db\.[a-z0-9]+\.[a-z0-9]+$/);

/** When changes of Redis and Postgres take effect. */
export const maintenanceSettings = {
  applyChanges: defaulted("at-once", oneOf("at-once", "in-window"), {
    ...data,
    effects: [atOnce("Counts for later changes. Changes that are pending wait on.")],
    description:
      "When AWS applies a change of Redis or Postgres that interrupts them, such as another size: with the deployment, or in " +
      "the next maintenance window. Until then, `up`, `status` and `drift` show the change as pending.",
  }),
  redisMaintenanceWindow: optional(weeklyWindow(60), {
    ...data,
    effects: [atOnce("Changes the window.")],
    description: "Weekly maintenance window of Redis. Left out: AWS chooses one.",
  }),
  dbMaintenanceWindow: optional(weeklyWindow(30), {
    ...data,
    effects: [atOnce("Changes the window.")],
    description:
      "Weekly maintenance window of Postgres; must not overlap its backup window. Left out: AWS chooses one.",
  }),
};

/** Redis holds queues, which are not copied. */
const emptyQueues = "Let the workers empty the queues first.";

export const redisSettings = {
  redisReplicationEnabled: defaulted(false, bool, {
    ...data,
    effects: [rolling("gateway", "worker"), replacement("Redis and the queues in it", emptyQueues)],
    description:
      "Creates a replication group (encrypted, with failover) instead of a single-node cluster. Each replica costs " +
      "as much as the primary, about 23 USD a month for a cache.t4g.small.",
  }),
  redisNodeType: defaulted("cache.t4g.small", nodeType, {
    ...data,
    effects: [deferrable("Redis is not available for seconds with replicas, for minutes without.")],
    description: "Size of a Redis node.",
  }),
  redisEngineVersion: defaulted("7.1", text("a version of Redis 7 such as 7.1", /^7\.\d$/), {
    ...data,
    effects: [
      toHigher(deferrable("Redis is not available for seconds with replicas, for minutes without.")),
      toLower(replacement("Redis and the queues in it", emptyQueues)),
    ],
    description: "Version of Redis.",
  }),
  redisReplicaCount: defaulted(1, integer(0, 5), {
    ...data,
    effects: [atOnce("Creates or deletes replicas, which takes AWS minutes.")],
    description:
      "Number of replicas in addition to the primary; needs redisReplicationEnabled. Failover needs at least one.",
  }),
  redisSnapshotRetentionDays: defaulted(7, integer(0, 35, "days"), {
    ...data,
    effects: [atOnce("AWS deletes snapshots that are older than a lower value.")],
    description:
      "How long daily snapshots of Redis are kept; 0 takes none. The first snapshot is free, others cost about " +
      "0.085 USD per GB and month.",
  }),
  redisTransitEncryption: defaulted(false, bool, {
    ...data,
    effects: [
      rolling("gateway", "worker"),
      atOnce("A replication group that exists takes it in two deployments, with redisTransitEncryptionMode."),
    ],
    description:
      "Turns on TLS to Redis (`rediss://`); needs redisReplicationEnabled. An existing replication group needs two " +
      "deployments, with redisTransitEncryptionMode; `up` refuses one step and names the commands.",
  }),
  redisTransitEncryptionMode: defaulted("required", oneOf("required", "preferred"), {
    ...data,
    effects: [atOnce("Redis refuses connections without TLS (required), or accepts them (preferred).")],
    description:
      "With redisTransitEncryption: whether Redis also accepts connections without TLS. `preferred` accepts both, for the " +
      "deployment between a Redis without TLS and one that requires it.",
  }),
  redisAuthToken: optional(
    text('16 to 128 printable characters without space, `@`, `"` and `/`', /^(?:(?![@"/])[\x21-\x7e]){16,128}$/),
    {
      ...secret,
      effects: [rolling("gateway", "worker")],
      description:
        "Password of Redis; needs redisTransitEncryption in the mode required. AWS cannot remove it from an existing Redis.",
      rotation: { effect: "No interruption: the old token stays valid until the deployment ends." },
    },
  ),
  redisAuthTokenUpdateStrategy: defaulted("SET", oneOf("SET", "ROTATE"), {
    ...data,
    effects: [atOnce("Changes nothing until redisAuthToken changes.")],
    description:
      "How AWS applies a changed redisAuthToken: SET invalidates the old one at once, ROTATE accepts both. " +
      "`rotate` sets ROTATE, deploys, and then sets SET.",
  }),
};

export const databaseSettings = {
  enableRds: defaulted(true, bool, {
    ...data,
    effects: [rolling(...serviceNames), toFalse(replacement("the database", "Dump the data first."))],
    description: "Creates Postgres on RDS. false needs databaseUrlOverride.",
  }),
  dbPassword: requiredWhen(
    withRds,
    text('8 to 128 printable ASCII characters without `/`, `@`, `"` and space', /^(?:(?![/@"])[\x21-\x7e]){8,128}$/),
    {
      ...secret,
      effects: [
        interruption("Tasks with the old password open no new connections until the deployment ends."),
        rolling(...serviceNames),
      ],
      description: "Password of the database's user.",
      generated: true,
      rotation: { effect: "Tasks with the old password cannot open new connections until the deployment ends." },
    },
  ),
  databaseUrlOverride: requiredWhen(withoutRds, url("postgres", "postgresql"), {
    ...secret,
    effects: [rolling(...serviceNames)],
    description: "URL of a database that is managed elsewhere. Its parameters are not changed.",
    rotation: { effect: "No interruption if the old URL stays valid until the deployment ends." },
  }),
  dbName: defaulted(
    "proliferate",
    within(text("a letter, then up to 62 letters, digits and underscores", /^[A-Za-z]\w{0,62}$/), databaseNameLimits),
    {
      ...data,
      effects: [
        rolling(...serviceNames),
        replacement("the database", "Dump the data first and load it into the new database."),
      ],
      description: "Name of the database.",
    },
  ),
  dbUsername: defaulted(
    "proliferate",
    within(text("a letter, then up to 15 letters, digits and underscores", /^[A-Za-z]\w{0,15}$/), databaseUserLimits),
    {
      ...data,
      effects: [
        rolling(...serviceNames),
        replacement("the database", "Dump the data first and load it into the new database."),
      ],
      description: "User of the database.",
    },
  ),
  dbInstanceClass: defaulted("db.t4g.small", instanceClass, {
    ...data,
    effects: [deferrable("Postgres restarts: about a minute with dbMultiAz, several minutes without.")],
    description: "Size of the database instance.",
  }),
  dbEngineVersion: defaulted("16", oneOf(...POSTGRES_VERSIONS), {
    ...data,
    effects: [
      toHigher(
        interruption(
          "Needs `--allow-upgrade`. Takes a snapshot first. Postgres is not available for several minutes, and cannot go back.",
        ),
      ),
      toLower(creationOnly("Create another environment with the lower version and load a dump.")),
    ],
    description: "Major version of Postgres. AWS installs minor versions automatically.",
  }),
  dbAllocatedStorageGb: defaulted(20, integer(20, 65536, "GiB"), {
    ...data,
    effects: [
      toHigher(deferrable("No interruption. AWS refuses another change for six hours.")),
      toLower(creationOnly("Storage never shrinks. Create another environment and load a dump.")),
    ],
    description: "Initial storage.",
  }),
  dbMaxAllocatedStorageGb: defaulted(100, integer(20, 65536, "GiB"), {
    ...data,
    effects: [atOnce("Changes the limit of storage autoscaling.")],
    description: "Maximum storage that autoscaling may allocate.",
  }),
  dbBackupRetentionDays: defaulted(7, integer(1, 35, "days"), {
    ...data,
    effects: [atOnce("AWS deletes backups that are older than a lower value.")],
    description:
      "How long backups are kept. They are free up to the size of the database, then about 0.095 USD per GB and month.",
  }),
  finalSnapshots: defaulted(unlessLocal, bool, {
    ...data,
    effects: [atOnce("Counts when Postgres or Redis is deleted.")],
    description:
      "Whether AWS takes a final snapshot when Postgres or Redis is deleted, and keeps Postgres's automated backups. " +
      "Does not depend on protectResources. About 0.095 USD per GB and month.",
  }),
  dbMultiAz: defaulted(false, bool, {
    ...data,
    effects: [deferrable("No interruption. Postgres is slower while AWS copies the data.")],
    description:
      "Runs a standby in the second zone. It doubles the price of the instance: about 25 USD a month more for a " +
      "db.t4g.small.",
  }),
  dbConnectionsAlarm: defaulted(150, integer(1, 100_000), {
    ...data,
    effects: [atOnce("Changes the alarm.")],
    description:
      "Number of database connections above which an alarm is raised; needs alarmTopicArn. A db.t4g.small accepts" +
      " about 190.",
  }),
  dbIamAuthentication: defaulted(false, bool, {
    ...data,
    effects: [deferrable("No interruption.")],
    description: "Lets database users with the role rds_iam also log in with IAM tokens. No extra cost.",
  }),
  dbEnhancedMonitoringSeconds: defaulted(0, numberFrom(0, 1, 5, 10, 15, 30, 60), {
    ...data,
    effects: [atOnce("Changes the monitoring of the instance.")],
    description:
      "Interval of RDS Enhanced Monitoring in seconds; 0 turns it off. Its logs cost about 0.50 USD a month at 60 " +
      "seconds, 30 USD at 1.",
  }),
};
