/** Postgres on RDS, or the URL of one that is managed elsewhere. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { databaseAddress, databaseUrl } from "@proliferate-infra/shared/aws/connection-urls";
import { DATABASE_CA } from "@proliferate-infra/shared/aws/end-dates";
import { trustPolicy } from "@proliferate-infra/shared/aws/iam";
import { createAlarms } from "@proliferate-infra/shared/aws/alarms";
import type { ProducedDataOutputs } from "@proliferate-infra/shared/contracts/data-outputs";
import { databaseAlarms } from "./data-alarms.ts";
import { accountOf, permissionsBoundary } from "@proliferate-infra/shared/program/aws-provider";
import type { LayerScope } from "@proliferate-infra/shared/program/layer";

const PORT = 5432;

type DatabaseOutputs = Pick<
  ProducedDataOutputs,
  "databaseEndpoint" | "databaseInstanceId" | "databasePort" | "databaseUrl"
>;

/** Creates the database, or with `enableRds=false` passes `databaseUrlOverride` on. */
export function createDatabase(scope: LayerScope<"data">): DatabaseOutputs {
  return scope.settings.enableRds ? createInstance(scope) : useOverride(scope);
}

function useOverride({ settings }: LayerScope<"data">): DatabaseOutputs {
  const url = required(settings.databaseUrlOverride, "databaseUrlOverride");
  // Where the database is, unlike its URL, is no secret.
  const address = pulumi.unsecret(url.apply(databaseAddress));
  return {
    databaseInstanceId: undefined,
    databaseEndpoint: address.host,
    databasePort: address.port,
    databaseUrl: url,
  };
}

function createInstance(scope: LayerScope<"data">): DatabaseOutputs {
  const { settings, upstream, parent, name } = scope;
  const { network } = upstream;
  const password = required(settings.dbPassword, "dbPassword");
  const subnetGroup = new aws.rds.SubnetGroup(
    name("subnetGroup", "postgres"),
    { subnetIds: network.privateSubnetIds, description: "Private subnets for Postgres" },
    { parent },
  );
  const instance = new aws.rds.Instance(
    name("database", "postgres"),
    {
      engine: "postgres",
      // The major version alone, so that minor upgrades are no difference.
      engineVersion: settings.dbEngineVersion,
      autoMinorVersionUpgrade: true,
      // Only allows what the version says. Whether the version may change is asked before (backend, major-version.ts).
      allowMajorVersionUpgrade: true,
      applyImmediately: settings.applyChanges === "at-once",
      ...(settings.dbMaintenanceWindow !== undefined && { maintenanceWindow: settings.dbMaintenanceWindow }),
      // Extended support would be billed by itself once the major version is old.
      engineLifecycleSupport: "open-source-rds-extended-support-disabled",
      instanceClass: settings.dbInstanceClass,
      dbName: settings.dbName,
      username: settings.dbUsername,
      password,
      port: PORT,
      dbSubnetGroupName: subnetGroup.name,
      vpcSecurityGroupIds: [network.databaseSecurityGroupId],
      parameterGroupName: createParameterGroup(scope).name,
      publiclyAccessible: false,
      multiAz: settings.dbMultiAz,
      caCertIdentifier: DATABASE_CA.identifier,
      storageType: "gp3",
      storageEncrypted: true,
      ...(settings.kmsKeyArn !== undefined && {
        kmsKeyId: settings.kmsKeyArn,
        performanceInsightsKmsKeyId: settings.kmsKeyArn,
      }),
      iamDatabaseAuthenticationEnabled: settings.dbIamAuthentication,
      ...enhancedMonitoring(scope),
      allocatedStorage: settings.dbAllocatedStorageGb,
      maxAllocatedStorage: settings.dbMaxAllocatedStorageGb,
      backupRetentionPeriod: settings.dbBackupRetentionDays,
      copyTagsToSnapshot: true,
      deleteAutomatedBackups: !settings.finalSnapshots,
      deletionProtection: settings.protectResources,
      enabledCloudwatchLogsExports: ["postgresql", "upgrade"],
      performanceInsightsEnabled: true,
      // Performance Insights is part of Database Insights since 2026-08; this mode keeps seven days and costs nothing.
      databaseInsightsMode: "standard",
      skipFinalSnapshot: !settings.finalSnapshots,
      // Set at creation, because a destroy cannot set it any more; the subnet group's name ends in characters that are new
      // with each life of the layer, so a snapshot of an earlier life never bars the next one's.
      finalSnapshotIdentifier: pulumi.interpolate`${subnetGroup.name}-final`,
    },
    // AWS takes this one at creation only, so a difference later could never be applied.
    { parent, protect: settings.protectResources, ignoreChanges: ["engineLifecycleSupport"] },
  );
  const { alarmTopicArn: topicArn, resourcePrefix } = settings;
  const definitions = databaseAlarms(instance.identifier, settings.dbConnectionsAlarm);
  createAlarms({ resourcePrefix, name: "postgres", topicArn }, definitions, parent);
  return {
    databaseInstanceId: instance.identifier,
    databaseEndpoint: instance.address,
    databasePort: instance.port,
    databaseUrl: pulumi.secret(
      pulumi
        .all([instance.address, instance.port, password])
        .apply(([host, port, plainPassword]) =>
          databaseUrl({ host, port, user: settings.dbUsername, password: plainPassword, database: settings.dbName }),
        ),
    ),
  };
}

/** What AWS needs to look at the operating system; nothing where it shall not. */
function enhancedMonitoring({ settings, parent, name }: LayerScope<"data">) {
  const { dbEnhancedMonitoringSeconds: monitoringInterval } = settings;
  if (monitoringInterval === 0) {
    return { monitoringInterval };
  }
  const account = accountOf(parent);
  // Auto-named, because role names are shared by all regions of an account.
  const role = new aws.iam.Role(
    name("role", "postgres-monitoring"),
    {
      description: "Lets RDS write what it sees of the database's operating system to CloudWatch",
      assumeRolePolicy: account.apply(({ accountId }) =>
        JSON.stringify(trustPolicy({ service: "monitoring.rds.amazonaws.com", accountId })),
      ),
      ...permissionsBoundary(settings),
    },
    { parent },
  );
  const attachment = new aws.iam.RolePolicyAttachment(
    "postgres-monitoring-policy",
    {
      role: role.name,
      policyArn: account.apply(
        ({ partition }) => `arn:${partition}:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole`,
      ),
    },
    { parent },
  );
  // The role is of no use before it may write.
  const monitoringRoleArn = pulumi.all([role.arn, attachment.id]).apply(([arn]) => arn);
  return { monitoringInterval, monitoringRoleArn };
}

function createParameterGroup({ settings, parent, name }: LayerScope<"data">): aws.rds.ParameterGroup {
  return new aws.rds.ParameterGroup(
    name("parameterGroup", "postgres"),
    {
      family: `postgres${settings.dbEngineVersion}`,
      description: "Refuses connections without TLS",
      parameters: [{ name: "rds.force_ssl", value: "1" }],
    },
    // A new major version needs another family, which only a new group can have. The instance takes it with the new version
    // before the old group is deleted.
    { parent },
  );
}

/** The settings' own check demands these values; this is for the types. */
function required<T>(value: T | undefined, key: string): T {
  if (value === undefined) {
    throw new Error(`${key} is missing.`);
  }
  return value;
}
