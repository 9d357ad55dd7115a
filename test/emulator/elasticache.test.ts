import {
  CreateCacheClusterCommand,
  CreateCacheParameterGroupCommand,
  CreateReplicationGroupCommand,
  DecreaseReplicaCountCommand,
  DeleteCacheParameterGroupCommand,
  DescribeCacheClustersCommand,
  DescribeCacheParametersCommand,
  DescribeReplicationGroupsCommand,
  ElastiCacheClient,
  IncreaseReplicaCountCommand,
  ModifyCacheClusterCommand,
  ModifyCacheParameterGroupCommand,
  ModifyReplicationGroupCommand,
  type CreateReplicationGroupCommandInput,
  type ModifyCacheClusterCommandInput,
  type ModifyReplicationGroupCommandInput,
} from "@aws-sdk/client-elasticache";
import { expect } from "chai";
import { passMaintenanceWindow, startTestEmulator, type TestEmulator } from "@proliferate-infra/testing/emulator";
import { refusalOf } from "@proliferate-infra/testing/refused-call";

const COMBINATION = "InvalidParameterCombination";
const TOKEN = "correct-horse-battery";

describe("ElastiCache in the emulator", () => {
  let emulator: TestEmulator;
  let elasticache: ElastiCacheClient;
  before(async () => {
    emulator = await startTestEmulator();
    elasticache = new ElastiCacheClient(emulator.clientOptions);
  });
  after(async () => {
    elasticache.destroy();
    await emulator.stop();
  });

  const redis = { Engine: "redis", EngineVersion: "7.0", CacheNodeType: "cache.t4g.small" };
  const createCluster = (name: string, changes: object = {}) =>
    elasticache.send(new CreateCacheClusterCommand({ ...redis, CacheClusterId: name, NumCacheNodes: 1, ...changes }));
  const modifyCluster = (name: string, changes: Partial<ModifyCacheClusterCommandInput>) =>
    elasticache.send(new ModifyCacheClusterCommand({ CacheClusterId: name, ...changes }));
  const cluster = async (CacheClusterId: string) => {
    const { CacheClusters: found = [] } = await elasticache.send(new DescribeCacheClustersCommand({ CacheClusterId }));
    return found[0];
  };
  const createGroup = (name: string, changes: Partial<CreateReplicationGroupCommandInput> = {}) => {
    const group = { ReplicationGroupId: name, ReplicationGroupDescription: "test", NumCacheClusters: 2 };
    return elasticache.send(new CreateReplicationGroupCommand({ ...redis, ...group, ...changes }));
  };
  const modify = (name: string, changes: Partial<ModifyReplicationGroupCommandInput>) =>
    elasticache.send(new ModifyReplicationGroupCommand({ ReplicationGroupId: name, ...changes }));
  const group = async (ReplicationGroupId: string) => {
    const { ReplicationGroups: found = [] } = await elasticache.send(
      new DescribeReplicationGroupsCommand({ ReplicationGroupId }),
    );
    return found[0];
  };
  const firstNode = async (name: string) => cluster((await group(name))?.MemberClusters?.[0] ?? "");
  const createParameterGroup = (CacheParameterGroupName: string, CacheParameterGroupFamily: string) =>
    elasticache.send(
      new CreateCacheParameterGroupCommand({ CacheParameterGroupName, CacheParameterGroupFamily, Description: "test" }),
    );

  const changeReplicas = (
    ReplicationGroupId: string,
    Command: typeof IncreaseReplicaCountCommand | typeof DecreaseReplicaCountCommand,
    NewReplicaCount: number,
    ApplyImmediately = true,
  ) => elasticache.send(new Command({ ReplicationGroupId, NewReplicaCount, ApplyImmediately }));

  it("applies changes of a cluster at once, or in the maintenance window (redis-changes-wait)", async () => {
    await createCluster("single");
    await modifyCluster("single", { CacheNodeType: "cache.t4g.medium", SnapshotRetentionLimit: 3 });
    const waiting = await cluster("single");
    expect(waiting).to.deep.include({ CacheNodeType: "cache.t4g.small", SnapshotRetentionLimit: 3 });
    expect(waiting?.PendingModifiedValues?.CacheNodeType).to.equal("cache.t4g.medium");
    await passMaintenanceWindow(emulator.endpoint);
    const after = await cluster("single");
    expect(after?.CacheNodeType).to.equal("cache.t4g.medium");
    expect(after?.PendingModifiedValues?.CacheNodeType).to.equal(undefined);
    await modifyCluster("single", { EngineVersion: "7.1", ApplyImmediately: true });
    expect((await cluster("single"))?.EngineVersion).to.equal("7.1");
  });

  it("applies changes of a replication group to its nodes (redis-changes-wait, redis-nodes-follow-group)", async () => {
    await createGroup("nodes");
    await modify("nodes", { CacheNodeType: "cache.t4g.medium", AutomaticFailoverEnabled: true });
    const waiting = await group("nodes");
    expect(waiting).to.deep.include({ CacheNodeType: "cache.t4g.small", AutomaticFailover: "disabled" });
    expect(waiting?.PendingModifiedValues?.AutomaticFailoverStatus).to.equal("enabled");
    expect((await firstNode("nodes"))?.PendingModifiedValues?.CacheNodeType).to.equal("cache.t4g.medium");
    await modify("nodes", { EngineVersion: "7.1", ApplyImmediately: true });
    expect(await group("nodes")).to.include({ CacheNodeType: "cache.t4g.medium", AutomaticFailover: "enabled" });
    const node = await firstNode("nodes");
    expect(node).to.include({ CacheNodeType: "cache.t4g.medium", EngineVersion: "7.1" });
    expect(node?.PendingModifiedValues?.CacheNodeType).to.equal(undefined);
  });

  it("changes TLS in two steps, each at once (redis-tls-in-two-steps, redis-tls-at-once)", async () => {
    const now = { ApplyImmediately: true };
    const preferred = { TransitEncryptionEnabled: true, TransitEncryptionMode: "preferred" } as const;
    await createGroup("tls");
    expect(await refusalOf(modify("tls", { ...now, TransitEncryptionEnabled: true }))).to.equal(COMBINATION);
    expect(await refusalOf(modify("tls", { ...now, TransitEncryptionMode: "preferred" }))).to.equal(COMBINATION);
    expect(await refusalOf(modify("tls", { ...now, ...preferred, TransitEncryptionMode: "required" }))).to.equal(
      COMBINATION,
    );
    expect(await refusalOf(modify("tls", preferred))).to.equal(COMBINATION);
    await modify("tls", { ...now, ...preferred });
    expect(await firstNode("tls")).to.include(preferred);
    await modify("tls", { ...now, TransitEncryptionMode: "required" });
    expect(await group("tls")).to.include({ TransitEncryptionEnabled: true, TransitEncryptionMode: "required" });
    expect(await refusalOf(modify("tls", { ...now, TransitEncryptionEnabled: false }))).to.equal(COMBINATION);
    await modify("tls", { ...now, TransitEncryptionMode: "preferred" });
    await modify("tls", { ...now, TransitEncryptionEnabled: false });
    expect((await firstNode("tls"))?.TransitEncryptionEnabled).to.equal(false);
  });

  it("accepts a token only with TLS in the mode required (redis-tls-with-token)", async () => {
    const now = { ApplyImmediately: true };
    const token = { ...now, AuthToken: TOKEN, AuthTokenUpdateStrategy: "SET" } as const;
    await createGroup("token");
    expect(await refusalOf(modify("token", token))).to.match(/^InvalidParameter/);
    await modify("token", { ...now, TransitEncryptionEnabled: true, TransitEncryptionMode: "preferred" });
    expect(await refusalOf(modify("token", token))).to.equal(COMBINATION);
    await modify("token", { ...now, TransitEncryptionMode: "required" });
    await modify("token", token);
    expect(await group("token")).to.include({ AuthTokenEnabled: true });
    expect(await refusalOf(modify("token", { ...now, TransitEncryptionMode: "preferred" }))).to.equal(COMBINATION);
    expect(await refusalOf(createGroup("token-plain", { AuthToken: TOKEN }))).to.match(/^InvalidParameter/);
  });

  it("refuses a parameter group of another family, and deletes none in use (redis-group-family, redis-group-in-use)", async () => {
    await createParameterGroup("redis-6", "redis6.x");
    await createParameterGroup("redis-7", "redis7");
    const withGroup = (CacheParameterGroupName: string) => createCluster("groups", { CacheParameterGroupName });
    expect(await refusalOf(withGroup("redis-6"))).to.equal(COMBINATION);
    await withGroup("redis-7");
    const remove = (CacheParameterGroupName: string) =>
      elasticache.send(new DeleteCacheParameterGroupCommand({ CacheParameterGroupName }));
    expect(await refusalOf(remove("redis-7"))).to.match(/^InvalidCacheParameterGroupState/);
    await remove("redis-6");
  });

  it("shows the parameters that a user has set (redis-parameters-by-source)", async () => {
    const CacheParameterGroupName = "parameters";
    await createParameterGroup(CacheParameterGroupName, "redis7");
    const ParameterNameValues = [{ ParameterName: "maxmemory-policy", ParameterValue: "noeviction" }];
    await elasticache.send(new ModifyCacheParameterGroupCommand({ CacheParameterGroupName, ParameterNameValues }));
    const namesOf = async (Source?: string) => {
      const request = { CacheParameterGroupName, Source };
      const { Parameters: found = [] } = await elasticache.send(new DescribeCacheParametersCommand(request));
      return found.map(({ ParameterName }) => ParameterName);
    };
    expect(await namesOf("user")).to.deep.equal(["maxmemory-policy"]);
    expect(await namesOf()).to.include.members(["maxmemory-policy", "timeout"]);
  });

  it("needs a replica for failover (redis-failover-replicas, redis-last-replica)", async () => {
    const failover = { AutomaticFailoverEnabled: true, MultiAZEnabled: true };
    expect(await refusalOf(createGroup("failover", { NumCacheClusters: 1, ...failover }))).to.equal(COMBINATION);
    const withoutFailover = { AutomaticFailoverEnabled: false, MultiAZEnabled: true };
    expect(await refusalOf(createGroup("failover", withoutFailover))).to.equal(COMBINATION);
    await createGroup("failover", failover);
    const decrease = () => changeReplicas("failover", DecreaseReplicaCountCommand, 0);
    expect(await refusalOf(decrease())).to.equal(COMBINATION);
    await modify("failover", { AutomaticFailoverEnabled: false, MultiAZEnabled: false, ApplyImmediately: true });
    await decrease();
    expect(await refusalOf(modify("failover", { ...failover, ApplyImmediately: true }))).to.equal(COMBINATION);
  });

  it("adds and removes nodes at once (redis-replicas-are-nodes, redis-replicas-at-once)", async () => {
    await createGroup("replicas");
    const later = changeReplicas("replicas", IncreaseReplicaCountCommand, 3, false);
    expect(await refusalOf(later)).to.equal("InvalidParameterValue");
    await changeReplicas("replicas", IncreaseReplicaCountCommand, 3);
    const members = (await group("replicas"))?.MemberClusters ?? [];
    expect(members).to.have.length(4);
    expect(await cluster(members[3] ?? "")).to.include({
      CacheClusterId: members[3],
      CacheNodeType: "cache.t4g.small",
    });
    await changeReplicas("replicas", DecreaseReplicaCountCommand, 1);
    expect((await group("replicas"))?.MemberClusters).to.deep.equal(members.slice(0, 2));
    expect(await refusalOf(cluster(members[3] ?? ""))).to.match(/^CacheClusterNotFound/);
  });
});
