import { CreateSubnetCommand, CreateVpcCommand, EC2Client } from "@aws-sdk/client-ec2";
import {
  CreateDBInstanceCommand,
  CreateDBParameterGroupCommand,
  CreateDBSubnetGroupCommand,
  DeleteDBInstanceCommand,
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

  it("never shrinks storage, and keeps it below its limit (rds-storage-shrinks, rds-storage-limit)", async () => {
    const combination = "InvalidParameterCombination";
    const limited = { ...instance, DBInstanceIdentifier: "storage" };
    const createLimited = (MaxAllocatedStorage: number) =>
      rds.send(new CreateDBInstanceCommand({ ...limited, MaxAllocatedStorage }));
    expect(await refusalOf(createLimited(20))).to.equal(combination);
    await createLimited(30);
    expect(await refusalOf(modify("storage", { AllocatedStorage: 10 }))).to.equal(combination);
    expect(await refusalOf(modify("storage", { AllocatedStorage: 40 }))).to.equal(combination);
    await modify("storage", { AllocatedStorage: 40, MaxAllocatedStorage: 50, ApplyImmediately: true });
    expect(await describeInstance("storage")).to.include({ AllocatedStorage: 40, MaxAllocatedStorage: 50 });
    expect(await refusalOf(modify("storage", { MaxAllocatedStorage: 30 }))).to.equal(combination);
    await modify("storage", { MaxAllocatedStorage: 40 });
  });

  it("changes storage once in six hours (rds-storage-six-hours)", async () => {
    await createGroup("hours-16", "postgres16");
    await create("hours", "hours-16");
    const grow = (AllocatedStorage: number) => modify("hours", { AllocatedStorage, ApplyImmediately: true });
    await grow(30);
    expect(await refusalOf(grow(40))).to.equal("InvalidParameterCombination");
    await modify("hours", { DBInstanceClass: "db.t4g.small", ApplyImmediately: true });
    await passMaintenanceWindow(emulator.endpoint);
    await grow(40);
  });

  it("refuses reserved names (rds-user-name, rds-database-name)", async () => {
    const named = (changes: object) =>
      rds.send(new CreateDBInstanceCommand({ ...instance, DBInstanceIdentifier: "names", ...changes }));
    for (const MasterUsername of ["user", "admin", "pg_app", "rds_owner", "rdsadmin"]) {
      expect(await refusalOf(named({ MasterUsername })), MasterUsername).to.equal("InvalidParameterValue");
    }
    for (const DBName of ["select", "template1", "9lives", "with-hyphen"]) {
      expect(await refusalOf(named({ DBName })), DBName).to.equal("InvalidParameterValue");
    }
    await named({ MasterUsername: "users", DBName: "selected_9" });
  });

  it("has subnets in two zones (rds-subnet-zones)", async () => {
    const ec2 = new EC2Client(emulator.clientOptions);
    const { Vpc: vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: "10.9.0.0/16" }));
    const subnetIn = async (AvailabilityZone: string, CidrBlock: string) => {
      const subnet = { VpcId: vpc?.VpcId, AvailabilityZone, CidrBlock };
      const { Subnet: created } = await ec2.send(new CreateSubnetCommand(subnet));
      return created?.SubnetId ?? "";
    };
    const createSubnets = (SubnetIds: string[]) => {
      const group = { DBSubnetGroupName: "zones", DBSubnetGroupDescription: "test", SubnetIds };
      return rds.send(new CreateDBSubnetGroupCommand(group));
    };
    const first = await subnetIn("us-east-1a", "10.9.0.0/20");
    const same = await subnetIn("us-east-1a", "10.9.16.0/20");
    expect(await refusalOf(createSubnets([first, same]))).to.equal("DBSubnetGroupDoesNotCoverEnoughAZs");
    await createSubnets([first, await subnetIn("us-east-1b", "10.9.32.0/20")]);
    ec2.destroy();
  });

  it("deletes no instance with deletion protection, as the emulator itself refuses it", async () => {
    await createGroup("protected-16", "postgres16");
    await create("protected", "protected-16");
    const remove = () =>
      rds.send(new DeleteDBInstanceCommand({ DBInstanceIdentifier: "protected", SkipFinalSnapshot: true }));
    await modify("protected", { DeletionProtection: true });
    expect(await refusalOf(remove())).to.equal("InvalidParameterCombination");
    await modify("protected", { DeletionProtection: false });
    await remove();
  });

  it("refuses a final snapshot with the name of another one (rds-final-snapshot-name)", async () => {
    await createGroup("taken-16", "postgres16");
    const remove = (DBInstanceIdentifier: string) =>
      rds.send(new DeleteDBInstanceCommand({ DBInstanceIdentifier, FinalDBSnapshotIdentifier: "taken-final" }));
    await create("taken-1", "taken-16");
    await remove("taken-1");
    await create("taken-2", "taken-16");
    expect(await refusalOf(remove("taken-2"))).to.contain("DBSnapshotAlreadyExists");
  });

  it("shows the mode of Database Insights (rds-insights-mode)", async () => {
    await createGroup("insights-16", "postgres16");
    await create("insights", "insights-16");
    expect((await describeInstance("insights"))?.DatabaseInsightsMode).to.equal("standard");
  });
});
