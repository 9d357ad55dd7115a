import { expect } from "chai";
import { isSecret, valueOf, type Recording } from "@proliferate-infra/testing/recording-mocks";
import { privateSubnets, recordData, types } from "./recorded-data.ts";

describe("Postgres", () => {
  let recording: Recording;
  before(async () => {
    ({ recording } = await recordData());
  });

  it("is encrypted, private, backed up and grows by itself", () => {
    const { inputs } = recording.only(types.database, "proliferate-postgres");
    expect(inputs).to.deep.include({
      engine: "postgres",
      engineVersion: "16",
      instanceClass: "db.t4g.small",
      dbName: "proliferate",
      username: "proliferate",
      port: 5432,
      dbSubnetGroupName: "database-subnets-0a1b2c3",
      parameterGroupName: "database-parameters-0a1b2c3",
      vpcSecurityGroupIds: ["sg-0007"],
      publiclyAccessible: false,
      storageEncrypted: true,
      storageType: "gp3",
      allocatedStorage: 20,
      maxAllocatedStorage: 100,
      backupRetentionPeriod: 7,
      copyTagsToSnapshot: true,
      multiAz: false,
      autoMinorVersionUpgrade: true,
      engineLifecycleSupport: "open-source-rds-extended-support-disabled",
      enabledCloudwatchLogsExports: ["postgresql", "upgrade"],
      caCertIdentifier: "rds-ca-rsa2048-g1",
      performanceInsightsEnabled: true,
      databaseInsightsMode: "standard",
    });
    expect((inputs.password as { value: unknown }).value).to.equal("correct-horse_battery");
    expect(recording.only(types.databaseSubnets).inputs.subnetIds).to.deep.equal(privateSubnets);
  });

  it("refuses connections without TLS", () => {
    expect(recording.only(types.databaseParameters).inputs).to.deep.include({
      family: "postgres16",
      parameters: [{ name: "rds.force_ssl", value: "1" }],
    });
  });

  it("follows its settings", async () => {
    const { recording: changed } = await recordData({
      dbName: "app",
      dbUsername: "owner",
      dbInstanceClass: "db.r7g.large",
      dbEngineVersion: "17",
      dbAllocatedStorageGb: "50",
      dbMaxAllocatedStorageGb: "500",
      dbBackupRetentionDays: "30",
      dbMultiAz: "true",
    });
    expect(changed.only(types.database).inputs).to.deep.include({
      dbName: "app",
      username: "owner",
      instanceClass: "db.r7g.large",
      engineVersion: "17",
      allocatedStorage: 50,
      maxAllocatedStorage: 500,
      backupRetentionPeriod: 30,
      multiAz: true,
    });
    expect(changed.only(types.databaseParameters).inputs.family).to.equal("postgres17");
  });

  it("changes at once, or in its maintenance window", async () => {
    const { inputs } = recording.only(types.database);
    expect(inputs).to.include({ applyImmediately: true, allowMajorVersionUpgrade: true });
    expect(inputs).not.to.have.property("maintenanceWindow");
    const changes = { applyChanges: "in-window", dbMaintenanceWindow: "sun:03:00-sun:03:30" };
    const { recording: changed } = await recordData(changes);
    expect(changed.only(types.database).inputs).to.include({
      applyImmediately: false,
      maintenanceWindow: "sun:03:00-sun:03:30",
    });
  });

  it("is protected: deletion protection, final snapshot, kept backups", () => {
    const { name, inputs } = recording.only(types.database);
    expect(inputs).to.deep.include({
      deletionProtection: true,
      skipFinalSnapshot: false,
      // The subnet group's suffix is new with each life of the layer.
      finalSnapshotIdentifier: "database-subnets-0a1b2c3-final",
      deleteAutomatedBackups: false,
    });
    expect(recording.options.get(name)).to.include({ protect: true });
    expect(recording.options.get(name)?.ignoreChanges).to.deep.equal(["engineLifecycleSupport"]);
  });

  it("is not protected when protection is off", async () => {
    const { recording: dev } = await recordData({}, "dev");
    const { name, inputs } = dev.only(types.database);
    expect(inputs).to.deep.include({
      deletionProtection: false,
      skipFinalSnapshot: true,
      deleteAutomatedBackups: true,
    });
    expect(dev.options.get(name)).to.include({ protect: false });
  });

  it("has a secret URL with everything percent-encoded and no parameters", async () => {
    const { result } = await recordData({ dbName: "app", dbUsername: "owner", dbPassword: "p%w:d?#[1]" });
    expect(await valueOf(result.databaseUrl)).to.equal(
      "postgresql://owner:p%25w%3Ad%3F%23%5B1%5D@db.example.internal:5432/app",
    );
    expect(await isSecret(result.databaseUrl)).to.equal(true);
    expect(await valueOf(result.databaseEndpoint)).to.equal("db.example.internal");
    expect(await isSecret(result.databaseEndpoint)).to.equal(false);
    expect(await valueOf(result.databasePort)).to.equal(5432);
  });

  it("does not exist with enableRds=false; the override is exported unchanged and secret", async () => {
    const databaseUrlOverride = "postgres://app:secret@elsewhere.example.com:6543/app?sslmode=verify-full";
    const { recording: without, result } = await recordData({ enableRds: "false", databaseUrlOverride });
    expect(without.resources.filter(({ type }) => type.startsWith("aws:rds"))).to.deep.equal([]);
    expect(await valueOf(result.databaseUrl)).to.equal(databaseUrlOverride);
    expect(await isSecret(result.databaseUrl)).to.equal(true);
    expect(await valueOf(result.databaseEndpoint)).to.equal("elsewhere.example.com");
    expect(await valueOf(result.databasePort)).to.equal(6543);
    expect(await isSecret(result.databaseEndpoint)).to.equal(false);
    expect(await isSecret(result.databasePort)).to.equal(false);
  });

  it("leaves a final snapshot and its backups when protection is turned off for a destroy", async () => {
    const { recording: unprotected } = await recordData({ protectResources: "false" });
    expect(unprotected.only(types.database).inputs).to.deep.include({
      deletionProtection: false,
      skipFinalSnapshot: false,
      deleteAutomatedBackups: false,
    });
  });
});
