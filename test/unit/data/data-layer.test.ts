import { expect } from "chai";
import { dataContract } from "@proliferate-infra/shared/contracts/data-outputs";
import { createAwsProvider } from "@proliferate-infra/shared/aws-provider";
import { createDataLayer } from "proliferate-data/data-layer.ts";
import { sampleSettings } from "../../support/sample-settings.ts";
import { isSecret, record, valueOf, type Recording } from "../../support/recording-mocks.ts";
import type { SampleChanges } from "../../support/sample-configuration.ts";
import { upstreamOutputs } from "../../support/upstream-outputs.ts";

const INSTANCE = "aws:rds/instance:Instance";
const CLUSTER = "aws:elasticache/cluster:Cluster";
const GROUP = "aws:elasticache/replicationGroup:ReplicationGroup";

const computed = {
  [INSTANCE]: { address: "db.example.internal" },
  [CLUSTER]: { cacheNodes: [{ address: "node.example.internal" }] },
  [GROUP]: { primaryEndpointAddress: "primary.example.internal" },
};

function data(changes: SampleChanges = {}, stack = "prod") {
  return record((options) => {
    const settings = sampleSettings("data", changes, stack);
    const providers = { aws: createAwsProvider(settings, "data") };
    return createDataLayer(settings, upstreamOutputs("network"), { ...options, providers });
  }, computed);
}

const tlsAndToken = {
  redisReplicationEnabled: "true",
  redisTransitEncryption: "true",
  redisAuthToken: "token#0123456789%x",
};

describe("data layer: Redis", () => {
  it("is a single node in the private subnets whose queues are never evicted", async () => {
    const { recording, result } = await data();
    expect(recording.all(GROUP)).to.deep.equal([]);
    expect(recording.only(CLUSTER).inputs).to.deep.include({
      engine: "redis",
      engineVersion: "7.1",
      nodeType: "cache.t4g.small",
      numCacheNodes: 1,
      port: 6379,
      securityGroupIds: ["sg-0006"],
      snapshotRetentionLimit: 7,
      autoMinorVersionUpgrade: "true",
    });
    expect(recording.only("aws:elasticache/subnetGroup:SubnetGroup").inputs.subnetIds).to.deep.equal([
      "subnet-0b1",
      "subnet-0b2",
    ]);
    expect(recording.only("aws:elasticache/parameterGroup:ParameterGroup").inputs).to.deep.include({
      family: "redis7",
      parameters: [{ name: "maxmemory-policy", value: "noeviction" }],
    });
    expect(await valueOf(result.redisUrl)).to.equal("redis://node.example.internal:6379");
    expect(await isSecret(result.redisUrl)).to.equal(false);
    expect(result.redisUrlIsSecret).to.equal(false);
  });

  it("is a replication group with encryption and failover as a setting", async () => {
    const { recording, result } = await data({ redisReplicationEnabled: "true" });
    expect(recording.all(CLUSTER)).to.deep.equal([]);
    const { inputs } = recording.only(GROUP);
    expect(inputs).to.deep.include({
      numCacheClusters: 2,
      automaticFailoverEnabled: true,
      multiAzEnabled: true,
      atRestEncryptionEnabled: true,
      transitEncryptionEnabled: false,
      autoMinorVersionUpgrade: true,
      securityGroupIds: ["sg-0006"],
    });
    expect(inputs).not.to.have.property("authToken");
    expect(await valueOf(result.redisUrl)).to.equal("redis://primary.example.internal:6379");
  });

  it("has no failover without a replica", async () => {
    const { recording } = await data({ redisReplicationEnabled: "true", redisReplicaCount: "0" });
    expect(recording.only(GROUP).inputs).to.deep.include({
      numCacheClusters: 1,
      automaticFailoverEnabled: false,
      multiAzEnabled: false,
    });
  });

  it("has TLS and a token as settings, and its URL is then secret", async () => {
    const { recording, result } = await data(tlsAndToken);
    expect(recording.only(GROUP).inputs).to.deep.include({
      transitEncryptionEnabled: true,
      authTokenUpdateStrategy: "SET",
    });
    expect(await valueOf(result.redisUrl)).to.equal("rediss://:token%230123456789%25x@primary.example.internal:6379");
    expect(await isSecret(result.redisUrl)).to.equal(true);
    expect(result.redisUrlIsSecret).to.equal(true);
  });
});

describe("data layer: Postgres", () => {
  let recording: Recording;
  let outputs: ReturnType<typeof createDataLayer>;
  before(async () => {
    ({ recording, result: outputs } = await data());
  });

  it("is encrypted, private, backed up and grows by itself", () => {
    expect(recording.only(INSTANCE).inputs).to.deep.include({
      engine: "postgres",
      engineVersion: "16",
      instanceClass: "db.t4g.small",
      dbName: "proliferate",
      username: "proliferate",
      port: 5432,
      storageEncrypted: true,
      storageType: "gp3",
      allocatedStorage: 20,
      maxAllocatedStorage: 100,
      backupRetentionPeriod: 7,
      copyTagsToSnapshot: true,
      publiclyAccessible: false,
      multiAz: false,
      autoMinorVersionUpgrade: true,
      engineLifecycleSupport: "open-source-rds-extended-support-disabled",
      enabledCloudwatchLogsExports: ["postgresql", "upgrade"],
      caCertIdentifier: "rds-ca-rsa2048-g1",
      vpcSecurityGroupIds: ["sg-0007"],
    });
    expect(recording.only("aws:rds/subnetGroup:SubnetGroup").inputs.subnetIds).to.deep.equal([
      "subnet-0b1",
      "subnet-0b2",
    ]);
  });

  it("refuses connections without TLS", () => {
    expect(recording.only("aws:rds/parameterGroup:ParameterGroup").inputs).to.deep.include({
      family: "postgres16",
      parameters: [{ name: "rds.force_ssl", value: "1" }],
    });
  });

  it("follows its settings", async () => {
    const changed = await data({
      dbName: "app",
      dbUsername: "owner",
      dbInstanceClass: "db.r7g.large",
      dbEngineVersion: "17",
      dbAllocatedStorageGb: "50",
      dbMaxAllocatedStorageGb: "500",
      dbBackupRetentionDays: "30",
      dbMultiAz: "true",
    });
    expect(changed.recording.only(INSTANCE).inputs).to.deep.include({
      dbName: "app",
      username: "owner",
      instanceClass: "db.r7g.large",
      engineVersion: "17",
      allocatedStorage: 50,
      maxAllocatedStorage: 500,
      backupRetentionPeriod: 30,
      multiAz: true,
    });
    expect(changed.recording.only("aws:rds/parameterGroup:ParameterGroup").inputs.family).to.equal("postgres17");
  });

  it("is protected: deletion protection, final snapshot, kept backups", () => {
    const { name, inputs } = recording.only(INSTANCE);
    expect(inputs).to.deep.include({
      deletionProtection: true,
      skipFinalSnapshot: false,
      deleteAutomatedBackups: false,
    });
    expect(inputs.finalSnapshotIdentifier).to.match(/^proliferate-postgres.*-final$/);
    expect(recording.options.get(name)).to.include({ protect: true });
    expect(recording.options.get(name)?.ignoreChanges).to.deep.equal(["engineLifecycleSupport"]);
    const redis = recording.only(CLUSTER);
    expect(recording.options.get(redis.name)?.ignoreChanges).to.deep.equal(["autoMinorVersionUpgrade"]);
    expect(redis.inputs.finalSnapshotIdentifier).to.match(/^proliferate-redis.*-final$/);
    expect(recording.options.get(redis.name)).to.include({ protect: true });
  });

  it("is not protected in a throw-away stack", async () => {
    const { recording: dev } = await data({}, "dev");
    const { name, inputs } = dev.only(INSTANCE);
    expect(inputs).to.deep.include({
      deletionProtection: false,
      skipFinalSnapshot: true,
      deleteAutomatedBackups: true,
    });
    expect(dev.options.get(name)).to.include({ protect: false });
    expect(dev.only(CLUSTER).inputs).not.to.have.property("finalSnapshotIdentifier");
  });

  it("has a secret URL with everything percent-encoded and no parameters", async () => {
    const { result } = await data({ dbPassword: "p%w:d?#[1]" });
    const url = await valueOf(result.databaseUrl);
    expect(url).to.equal("postgresql://proliferate:p%25w%3Ad%3F%23%5B1%5D@db.example.internal:5432/proliferate");
    expect(await isSecret(result.databaseUrl)).to.equal(true);
    expect(await isSecret(result.databaseEndpoint)).to.equal(false);
  });

  it("exports what its contract says, with and without RDS", async () => {
    const override = "postgres://app:secret@elsewhere.example.com/app?sslmode=verify-full";
    const without = await data({ enableRds: "false", databaseUrlOverride: override, dbPassword: undefined });
    for (const values of [await valueOf(outputs), await valueOf(without.result)]) {
      expect(dataContract.schema({ region: "us-east-1" }).strict().safeParse(values).error).to.equal(undefined);
    }
  });

  it("does not exist with enableRds=false; the override is passed on as it is, secret", async () => {
    const override = "postgres://app:secret@elsewhere.example.com:6543/app?sslmode=verify-full";
    const { recording: without, result } = await data({ enableRds: "false", databaseUrlOverride: override });
    expect(without.resources.filter(({ type }) => type.startsWith("aws:rds"))).to.deep.equal([]);
    expect(await valueOf(result.databaseUrl)).to.equal(override);
    expect(await isSecret(result.databaseUrl)).to.equal(true);
    expect(await valueOf(result.databaseEndpoint)).to.equal("elsewhere.example.com");
    expect(await valueOf(result.databasePort)).to.equal(6543);
    expect(await isSecret(result.databaseEndpoint)).to.equal(false);
  });

  it("gives every resource the explicit provider", () => {
    for (const { name, type, provider } of recording.resources.filter((resource) => resource.type.startsWith("aws:"))) {
      expect(provider, `${type} ${name}`).to.match(/pulumi:providers:aws::aws::/);
    }
  });
});
