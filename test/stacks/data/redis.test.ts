import { expect } from "chai";
import { isSecret, valueOf, type Recording } from "@proliferate-infra/testing/recording-mocks";
import type { SampleChanges } from "@proliferate-infra/testing/sample-configuration";
import { computed, privateSubnets, recordData, tlsAndToken, types } from "./recorded-data.ts";

/** What a single node and a replication group have in common by default. */
const common = {
  engine: "redis",
  engineVersion: "7.1",
  nodeType: "cache.t4g.small",
  port: 6379,
  securityGroupIds: ["sg-0006"],
  subnetGroupName: "redis-subnets-0a1b2c3",
  parameterGroupName: "redis-parameters-0a1b2c3",
  snapshotRetentionLimit: 7,
};

/** The secret that an input is, as the engine gets it. */
const secretValue = (recording: Recording, key: string) =>
  (recording.only(types.redisGroup).inputs[key] as { value?: unknown } | undefined)?.value;

describe("Redis", () => {
  it("is a single node by default", async () => {
    const { recording, result } = await recordData();
    expect(recording.all(types.redisGroup)).to.deep.equal([]);
    expect(recording.only(types.redisNode, "proliferate-redis").inputs).to.deep.include({
      ...common,
      numCacheNodes: 1,
      autoMinorVersionUpgrade: "true",
    });
    expect(await valueOf(result.redisEndpoint)).to.equal("node.example.internal");
    expect(result.redisPort).to.equal(6379);
    expect(await valueOf(result.redisUrl)).to.equal("redis://node.example.internal:6379");
    expect(await isSecret(result.redisUrl)).to.equal(false);
    expect(result.redisUrlIsSecret).to.equal(false);
  });

  it("is in the private subnets, and never evicts queues", async () => {
    const { recording } = await recordData();
    expect(recording.only(types.redisSubnets).inputs.subnetIds).to.deep.equal(privateSubnets);
    expect(recording.only(types.redisParameters).inputs).to.deep.include({
      family: "redis7",
      parameters: [{ name: "maxmemory-policy", value: "noeviction" }],
    });
  });

  it("is a replication group with encryption and failover as a setting", async () => {
    const { recording, result } = await recordData({ redisReplicationEnabled: "true" });
    expect(recording.all(types.redisNode)).to.deep.equal([]);
    const { inputs } = recording.only(types.redisGroup, "proliferate-redis");
    expect(inputs).to.deep.include({
      ...common,
      numCacheClusters: 2,
      automaticFailoverEnabled: true,
      multiAzEnabled: true,
      atRestEncryptionEnabled: true,
      transitEncryptionEnabled: false,
      autoMinorVersionUpgrade: true,
    });
    expect(inputs).not.to.have.any.keys("authToken", "authTokenUpdateStrategy");
    expect(await valueOf(result.redisEndpoint)).to.equal("primary.example.internal");
    expect(await valueOf(result.redisUrl)).to.equal("redis://primary.example.internal:6379");
  });

  it("has the configured number of replicas, and no failover without one", async () => {
    const groupWith = async (redisReplicaCount: string) => {
      const { recording } = await recordData({ redisReplicationEnabled: "true", redisReplicaCount });
      const { numCacheClusters, automaticFailoverEnabled, multiAzEnabled } = recording.only(types.redisGroup).inputs;
      return [numCacheClusters, automaticFailoverEnabled, multiAzEnabled];
    };
    expect(await groupWith("0")).to.deep.equal([1, false, false]);
    expect(await groupWith("1")).to.deep.equal([2, true, true]);
    expect(await groupWith("3")).to.deep.equal([4, true, true]);
  });

  it("follows its settings in both forms", async () => {
    const changes = {
      redisNodeType: "cache.r7g.large",
      redisEngineVersion: "7.0",
      redisSnapshotRetentionDays: "30",
    };
    const expected = { nodeType: "cache.r7g.large", engineVersion: "7.0", snapshotRetentionLimit: 30 };
    const { recording: single } = await recordData(changes);
    expect(single.only(types.redisNode).inputs).to.deep.include(expected);
    const { recording: group } = await recordData({ ...changes, redisReplicationEnabled: "true" });
    expect(group.only(types.redisGroup).inputs).to.deep.include(expected);
  });

  it("has TLS without a token as a setting; its URL is no secret", async () => {
    const { recording, result } = await recordData({ redisReplicationEnabled: "true", redisTransitEncryption: "true" });
    expect(recording.only(types.redisGroup).inputs.transitEncryptionEnabled).to.equal(true);
    expect(await valueOf(result.redisUrl)).to.equal("rediss://primary.example.internal:6379");
    expect(await isSecret(result.redisUrl)).to.equal(false);
    expect(result.redisUrlIsSecret).to.equal(false);
  });

  it("has a token as a setting; its URL is then a secret, its endpoint is not", async () => {
    const { recording, result } = await recordData(tlsAndToken);
    expect(recording.only(types.redisGroup).inputs).to.deep.include({
      transitEncryptionEnabled: true,
      authTokenUpdateStrategy: "SET",
    });
    expect(secretValue(recording, "authToken")).to.equal("token#0123456789%x");
    expect(await valueOf(result.redisUrl)).to.equal("rediss://:token%230123456789%25x@primary.example.internal:6379");
    expect(await isSecret(result.redisUrl)).to.equal(true);
    expect(result.redisUrlIsSecret).to.equal(true);
    expect(await isSecret(result.redisEndpoint)).to.equal(false);
  });

  it("has a URL that follows what Redis speaks, not what the setting asks for", async () => {
    const changes = { redisReplicationEnabled: "true", redisTransitEncryption: "true" };
    const stillPlain = { [types.redisGroup]: { ...computed[types.redisGroup], transitEncryptionEnabled: false } };
    const { result } = await recordData(changes, "prod", stillPlain);
    expect(await valueOf(result.redisUrl)).to.equal("redis://primary.example.internal:6379");
  });

  it("requires TLS, or also accepts plain connections while an existing one changes", async () => {
    const modeWith = async (changes: SampleChanges) =>
      (await recordData({ redisReplicationEnabled: "true", ...changes })).recording.only(types.redisGroup).inputs
        .transitEncryptionMode;
    expect(await modeWith({})).to.equal(undefined);
    expect(await modeWith({ redisTransitEncryption: "true" })).to.equal("required");
    const preferred = { redisTransitEncryption: "true", redisTransitEncryptionMode: "preferred" };
    expect(await modeWith(preferred)).to.equal("preferred");
  });

  it("accepts the previous token during a rotation", async () => {
    const { recording } = await recordData({ ...tlsAndToken, redisAuthTokenUpdateStrategy: "ROTATE" });
    expect(recording.only(types.redisGroup).inputs.authTokenUpdateStrategy).to.equal("ROTATE");
  });

  it("changes at once, or in its maintenance window", async () => {
    for (const redisReplicationEnabled of ["false", "true"]) {
      const inputsWith = async (changes: SampleChanges) => {
        const { recording } = await recordData({ redisReplicationEnabled, ...changes });
        return [...recording.all(types.redisNode), ...recording.all(types.redisGroup)][0]?.inputs;
      };
      const byDefault = await inputsWith({});
      expect(byDefault).to.include({ applyImmediately: true });
      expect(byDefault).not.to.have.property("maintenanceWindow");
      const changes = { applyChanges: "in-window", redisMaintenanceWindow: "sat:23:30-sun:01:00" };
      expect(await inputsWith(changes)).to.include({
        applyImmediately: false,
        maintenanceWindow: "sat:23:30-sun:01:00",
      });
    }
  });

  for (const [form, type, redisReplicationEnabled] of [
    ["single node", types.redisNode, "false"],
    ["replication group", types.redisGroup, "true"],
  ] as const) {
    it(`leaves a final snapshot as a ${form} unless finalSnapshots is off`, async () => {
      const { recording } = await recordData({ redisReplicationEnabled });
      const { name, inputs } = recording.only(type);
      // The subnet group's suffix is new with each life of the layer.
      expect(inputs.finalSnapshotIdentifier).to.equal("redis-subnets-0a1b2c3-final");
      expect(recording.options.get(name)?.protect).to.equal(true);
      const { recording: dev } = await recordData({ redisReplicationEnabled }, "dev");
      expect(dev.only(type).inputs).not.to.have.property("finalSnapshotIdentifier");
      const { recording: unprotected } = await recordData({ redisReplicationEnabled, protectResources: "false" });
      expect(unprotected.only(type).inputs).to.have.property("finalSnapshotIdentifier");
      expect(dev.options.get(name)?.protect).to.equal(false);
    });
  }
});
