import { expect } from "chai";
import {
  CreateCacheClusterCommand,
  CreateReplicationGroupCommand,
  ElastiCacheClient,
  ModifyCacheClusterCommand,
  ModifyReplicationGroupCommand,
} from "@aws-sdk/client-elasticache";
import { CreateDBInstanceCommand, ModifyDBInstanceCommand, RDSClient } from "@aws-sdk/client-rds";
import { readPendingChanges } from "@proliferate-infra/orchestrator/aws/pending-changes";
import { startTestEmulator, type TestEmulator } from "@proliferate-infra/testing/emulator";
import { withVariables } from "@proliferate-infra/testing/process-variables";

describe("changes that AWS has queued", function () {
  this.timeout(60_000);
  let emulator: TestEmulator;
  let restore: () => void;
  let redis: ElastiCacheClient;
  let rds: RDSClient;
  before(async () => {
    emulator = await startTestEmulator();
    restore = withVariables(emulator.env);
    redis = new ElastiCacheClient(emulator.clientOptions);
    rds = new RDSClient(emulator.clientOptions);
    const node = {
      Engine: "redis",
      CacheNodeType: "cache.t4g.small",
      PreferredMaintenanceWindow: "sat:01:00-sat:02:00",
    };
    await redis.send(new CreateCacheClusterCommand({ ...node, CacheClusterId: "single", NumCacheNodes: 1 }));
    await redis.send(
      new CreateReplicationGroupCommand({
        ...node,
        ReplicationGroupId: "group",
        ReplicationGroupDescription: "Redis",
        NumCacheClusters: 2,
      }),
    );
    await rds.send(
      new CreateDBInstanceCommand({
        ...{ DBInstanceIdentifier: "database", Engine: "postgres", DBInstanceClass: "db.t4g.small" },
        ...{ AllocatedStorage: 20, MasterUsername: "app", MasterUserPassword: "0123456789" },
        PreferredMaintenanceWindow: "sun:03:00-sun:04:00",
      }),
    );
  });
  after(async () => {
    redis.destroy();
    rds.destroy();
    restore();
    await emulator.stop();
  });

  const pending = async (redisNode: string) => {
    const found = await readPendingChanges({ database: "database", redisNode }, undefined);
    return found.map(({ server, changes, window }) => [server, changes.join(), window]);
  };

  it("are none when AWS has applied everything", async () => {
    expect(await pending("single")).to.deep.equal([]);
    expect(await pending("group-001")).to.deep.equal([]);
  });

  it("are those of the database, a single node or a replication group, with the window", async () => {
    const wait = { ApplyImmediately: false };
    await rds.send(
      new ModifyDBInstanceCommand({ ...wait, DBInstanceIdentifier: "database", DBInstanceClass: "db.t4g.medium" }),
    );
    const CacheNodeType = "cache.t4g.medium";
    await redis.send(new ModifyCacheClusterCommand({ ...wait, CacheClusterId: "single", CacheNodeType }));
    await redis.send(new ModifyReplicationGroupCommand({ ...wait, ReplicationGroupId: "group", CacheNodeType }));
    const postgres = ["Postgres", "DBInstanceClass=db.t4g.medium", "sun:03:00-sun:04:00"];
    for (const node of ["single", "group-001"]) {
      const found = await pending(node);
      expect(found).to.deep.equal([postgres, ["Redis", "CacheNodeType=cache.t4g.medium", "sat:01:00-sat:02:00"]]);
    }
  });
});
