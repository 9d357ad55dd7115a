import { DATABASE_CA } from "@proliferate-infra/shared/aws/end-dates";
import { listOf, mustBeAtLeast, mustBeOff, mustBeOn, mustBeSet, type Control, type Properties } from "../control.ts";

const DATABASE = "aws:rds/instance:Instance";

const database = (control: Omit<Control, "type">): Control => ({ type: DATABASE, ...control });

function parameter({ parameters }: Properties, wanted: string): unknown {
  const all = listOf(parameters) as readonly { readonly name?: unknown; readonly value?: unknown }[];
  return all.find(({ name }) => name === wanted)?.value;
}

/** Rules for Postgres on RDS. */
export const databaseRules: readonly Control[] = [
  database({
    name: "database-is-encrypted",
    description: "The database's storage is encrypted. This cannot be changed later.",
    controls: ["RDS.3", "CIS 3.2.1", "CKV_AWS_16"],
    severity: "high",
    violation: mustBeOn("storageEncrypted"),
    fix: "Set storageEncrypted. An existing database must be restored from an encrypted copy of a snapshot.",
  }),
  database({
    name: "database-is-private",
    description: "The database has no public address.",
    controls: ["RDS.2", "CIS 3.2.3", "CKV_AWS_17"],
    severity: "critical",
    violation: mustBeOff("publiclyAccessible"),
    fix: "Set publiclyAccessible to false.",
  }),
  {
    name: "database-refuses-plain-connections",
    description: "Postgres refuses connections without TLS.",
    controls: ["RDS.38", "CKV2_AWS_69"],
    severity: "high",
    type: "aws:rds/parameterGroup:ParameterGroup",
    violation: (group) => (String(parameter(group, "rds.force_ssl")) === "1" ? undefined : "rds.force_ssl is not 1"),
    fix: "Set the parameter rds.force_ssl to 1.",
  },
  database({
    name: "database-cannot-be-deleted-by-accident",
    description: "AWS refuses to delete the database.",
    controls: ["RDS.8", "CKV_AWS_293"],
    severity: "medium",
    violation: mustBeOn("deletionProtection"),
    fix: "Set protectResources to true, unless the environment is about to be destroyed.",
    ifProtected: true,
    advisory: true,
  }),
  database({
    name: "database-leaves-a-final-snapshot",
    description: "Deleting the database leaves a snapshot.",
    controls: ["RDS.8", "CKV_AWS_293"],
    severity: "medium",
    violation: mustBeOff("skipFinalSnapshot"),
    fix: "Set skipFinalSnapshot to false and finalSnapshotIdentifier.",
    ifProtected: true,
  }),
  database({
    name: "database-is-backed-up-for-a-week",
    description: "Backups are kept for seven days or more.",
    controls: ["RDS.11", "CKV_AWS_133"],
    severity: "medium",
    violation: mustBeAtLeast("backupRetentionPeriod", 7),
    fix: "Set dbBackupRetentionDays to 7 or more.",
    ifProtected: true,
  }),
  database({
    name: "database-backups-outlive-it",
    description: "Automated backups are kept when the database is deleted.",
    controls: ["RDS.11"],
    severity: "medium",
    violation: mustBeOff("deleteAutomatedBackups"),
    fix: "Set deleteAutomatedBackups to false.",
    ifProtected: true,
  }),
  database({
    name: "database-gets-minor-upgrades",
    description: "AWS installs minor versions of Postgres automatically.",
    controls: ["RDS.13", "CIS 3.2.2", "CKV_AWS_226"],
    severity: "medium",
    violation: mustBeOn("autoMinorVersionUpgrade"),
    fix: "Set autoMinorVersionUpgrade.",
  }),
  database({
    name: "database-exports-its-logs",
    description: "Postgres writes its logs to CloudWatch.",
    controls: ["RDS.9", "RDS.36", "CKV_AWS_129"],
    severity: "medium",
    violation: ({ enabledCloudwatchLogsExports: logs }) =>
      listOf(logs).includes("postgresql") ? undefined : "the log postgresql is not exported",
    fix: "Add postgresql to enabledCloudwatchLogsExports.",
  }),
  database({
    name: "database-tags-its-snapshots",
    description: "Snapshots have the database's tags.",
    controls: ["RDS.17", "CKV2_AWS_60"],
    severity: "low",
    violation: mustBeOn("copyTagsToSnapshot"),
    fix: "Set copyTagsToSnapshot.",
  }),
  database({
    name: "database-user-is-not-the-default",
    description: "The database's user does not have a default name.",
    controls: ["RDS.25"],
    severity: "medium",
    violation: ({ username }) =>
      ["postgres", "admin"].includes(String(username)) ? "its user has a default name" : undefined,
    fix: "Set dbUsername to another name. This replaces the database.",
  }),
  database({
    name: "database-names-its-certificate-authority",
    description: "The database's certificate comes from an authority that does not expire soon.",
    controls: ["CKV_AWS_211"],
    severity: "critical",
    violation: mustBeSet("caCertIdentifier"),
    fix: `Set caCertIdentifier to ${DATABASE_CA.identifier} or newer.`,
  }),
  database({
    name: "database-is-in-its-own-subnets",
    description: "The database is in private subnets, through its own subnet group.",
    controls: ["RDS.2"],
    severity: "high",
    violation: mustBeSet("dbSubnetGroupName"),
    fix: "Set dbSubnetGroupName to the group of the private subnets.",
  }),
];
