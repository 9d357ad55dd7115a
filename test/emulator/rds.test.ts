import {
  CreateDBInstanceCommand,
  CreateDBParameterGroupCommand,
  DeleteDBParameterGroupCommand,
  DescribeDBInstancesCommand,
  ModifyDBInstanceCommand,
  RDSClient,
  type ModifyDBInstanceCommandInput,
} from "@aws-sdk/client-rds";
import { expect } from "chai";
import { passMaintenanceWindow, startTestEmulator, type TestEmulator } from "@proliferate-infra/testing/emulator";
import { refusalOf } from "@proliferate-infra/testing/refused-call";

describe("RDS in the emulator", () => {
  let emulator: TestEmulator;
  let rds: RDSClient;
  before(async () => {
    emulator = await startTestEmulator();
    rds = new RDSClient(emulator.clientOptions);
  });
  after(async () => {
    rds.destroy();
    await emulator.stop();
  });

  const createGroup = async (DBParameterGroupName: string, DBParameterGroupFamily: string) => {
    const group = { DBParameterGroupName, DBParameterGroupFamily, Description: "test" };
    await rds.send(new CreateDBParameterGroupCommand(group));
  };
  const deleteGroup = (DBParameterGroupName: string) =>
    rds.send(new DeleteDBParameterGroupCommand({ DBParameterGroupName }));
  const instance = {
    Engine: "postgres",
    EngineVersion: "16",
    DBInstanceClass: "db.t4g.micro",
    AllocatedStorage: 20,
    StorageType: "gp3",
    MasterUsername: "app",
    MasterUserPassword: "correct-horse",
  };
  const create = (name: string, group: string) =>
    rds.send(new CreateDBInstanceCommand({ ...instance, DBInstanceIdentifier: name, DBParameterGroupName: group }));
  const modify = (name: string, changes: Partial<ModifyDBInstanceCommandInput>) =>
    rds.send(new ModifyDBInstanceCommand({ DBInstanceIdentifier: name, ...changes }));
  const describeInstance = async (name: string) => {
    const { DBInstances: found = [] } = await rds.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: name }));
    return found[0];
  };
  const groupOf = async (name: string) => (await describeInstance(name))?.DBParameterGroups?.[0]?.DBParameterGroupName;

  it("applies changes at once, or in the maintenance window (rds-changes-wait)", async () => {
    await createGroup("waits-16", "postgres16");
    await create("waits", "waits-16");
    await modify("waits", { DBInstanceClass: "db.t4g.medium", MultiAZ: true, BackupRetentionPeriod: 5 });
    await modify("waits", { AllocatedStorage: 30, DeletionProtection: false });
    const waiting = await describeInstance("waits");
    expect(waiting).to.deep.include({ DBInstanceClass: "db.t4g.micro", MultiAZ: false, BackupRetentionPeriod: 5 });
    expect(waiting?.PendingModifiedValues).to.deep.equal({
      DBInstanceClass: "db.t4g.medium",
      MultiAZ: true,
      AllocatedStorage: 30,
    });

    await modify("waits", { DBInstanceClass: "db.t4g.micro" });
    expect((await describeInstance("waits"))?.PendingModifiedValues).not.to.have.property("DBInstanceClass");

    expect(await passMaintenanceWindow(emulator.endpoint)).to.include("waits");
    const after = await describeInstance("waits");
    expect(after).to.deep.include({ DBInstanceClass: "db.t4g.micro", MultiAZ: true, AllocatedStorage: 30 });
    expect(after?.PendingModifiedValues ?? {}).to.deep.equal({});
  });

  it("applies with ApplyImmediately what waited before (rds-changes-wait)", async () => {
    await createGroup("at-once-16", "postgres16");
    await create("at-once", "at-once-16");
    await modify("at-once", { MultiAZ: true });
    await modify("at-once", { DBInstanceClass: "db.t4g.large", ApplyImmediately: true });
    const found = await describeInstance("at-once");
    expect(found).to.deep.include({ DBInstanceClass: "db.t4g.large", MultiAZ: true });
    expect(found?.PendingModifiedValues ?? {}).to.deep.equal({});
  });

  it("upgrades to a major version with flag and group (rds-major-version-flag, rds-major-version-group)", async () => {
    await createGroup("major-16", "postgres16");
    await createGroup("major-17", "postgres17");
    await create("major", "major-16");
    const upgrade = { EngineVersion: "17", DBParameterGroupName: "major-17", ApplyImmediately: true };
    expect(await refusalOf(modify("major", upgrade))).to.equal("InvalidParameterCombination");
    const withFlag = { ...upgrade, AllowMajorVersionUpgrade: true };
    expect(await refusalOf(modify("major", { ...withFlag, DBParameterGroupName: undefined }))).to.equal(
      "InvalidParameterCombination",
    );
    await modify("major", withFlag);
    expect(await describeInstance("major")).to.include({ EngineVersion: "17" });
    await modify("major", { EngineVersion: "17.4", ApplyImmediately: true });
    await deleteGroup("major-16");
  });

  it("deletes no parameter group that an instance uses or will use (rds-group-in-use)", async () => {
    await createGroup("used-16", "postgres16");
    await createGroup("used-17", "postgres17");
    await create("used", "used-16");
    expect(await refusalOf(deleteGroup("used-16"))).to.match(/^InvalidDBParameterGroupState/);
    await modify("used", { EngineVersion: "17", DBParameterGroupName: "used-17", AllowMajorVersionUpgrade: true });
    expect(await groupOf("used")).to.equal("used-16");
    expect(await refusalOf(deleteGroup("used-16"))).to.match(/^InvalidDBParameterGroupState/);
    expect(await refusalOf(deleteGroup("used-17"))).to.match(/^InvalidDBParameterGroupState/);
    await passMaintenanceWindow(emulator.endpoint);
    expect(await groupOf("used")).to.equal("used-17");
    await deleteGroup("used-16");
  });

  it("refuses a parameter group of another family (rds-group-family)", async () => {
    await createGroup("family-16", "postgres16");
    await createGroup("family-17", "postgres17");
    expect(await refusalOf(create("family", "family-17"))).to.equal("InvalidParameterCombination");
    await create("family", "family-16");
    const change = { DBParameterGroupName: "family-17", ApplyImmediately: true };
    expect(await refusalOf(modify("family", change))).to.equal("InvalidParameterCombination");
  });
});
