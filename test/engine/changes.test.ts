/** Changes of a deployed environment that AWS takes only in steps, at a price, or later: zones, sizes, versions, TLS. */
import { expect } from "chai";
import { DescribeNatGatewaysCommand, DescribeSubnetsCommand, EC2Client } from "@aws-sdk/client-ec2";
import { DescribeReplicationGroupsCommand, ElastiCacheClient } from "@aws-sdk/client-elasticache";
import {
  DescribeDBInstancesCommand,
  DescribeDBParameterGroupsCommand,
  DescribeDBSnapshotsCommand,
  RDSClient,
} from "@aws-sdk/client-rds";
import type { LayerName } from "@proliferate-infra/shared/layers";
import { passMaintenanceWindow } from "@proliferate-infra/testing/emulator";
import { EngineEnvironment } from "@proliferate-infra/testing/engine-environment";
import { FaultProxy } from "@proliferate-infra/testing/fault-proxy";
import { using } from "./emulator-client.ts";
import { stepsBuildOnEachOther } from "./steps.ts";

const MINUTES = 60_000;

/** A protected stack: nothing has to be unprotected by hand. */
const STACK = "changed";

describe("changes of a deployed environment", function () {
  this.timeout(15 * MINUTES);
  stepsBuildOnEachOther();
  let environment: EngineEnvironment;
  let proxy: FaultProxy;
  before(async () => {
    environment = await EngineEnvironment.start(STACK, { redisReplicationEnabled: "true" });
    proxy = await FaultProxy.start(environment.endpoint);
    environment.reachAwsThrough(proxy.endpoint);
  });
  after(async () => {
    await proxy.stop();
    await environment.dispose();
  });

  const set = (layer: LayerName, settings: Readonly<Record<string, string>>) => {
    for (const [key, value] of Object.entries(settings)) {
      environment.configure(layer, `proliferate-${layer}:${key}`, value);
    }
  };
  const deploy = (layer: LayerName, ...args: readonly string[]) =>
    environment.report("up", "--no-pipelined", "--only", layer, ...args);
  /** Deploys the layer, and once more, which must change nothing. Returns the first report of the layer. */
  const deployed = async (layer: LayerName, ...args: readonly string[]) => {
    const report = await deploy(layer, ...args);
    expect(report.exitCode, environment.printed.slice(-2).join("\n")).to.equal(0);
    const again = await deploy(layer, "--force");
    const { create, update, replace, delete: deletions } = again.layers[0]?.changes ?? {};
    expect([again.exitCode, create, update, replace, deletions]).to.deep.equal([0, 0, 0, 0, 0]);
    return report.layers[0];
  };
  /** The message with which `up` refuses the layer before anything is changed. */
  const refused = async (layer: LayerName, ...args: readonly string[]) => {
    const before = await environment.stateOf(layer);
    const { exitCode, stderr } = await environment.rollout("up", "--yes", "--only", layer, ...args);
    expect(exitCode, stderr).to.equal(3);
    expect(await environment.stateOf(layer)).to.equal(before);
    return stderr;
  };
  const database = () =>
    using(RDSClient, environment, async (rds) => (await rds.send(new DescribeDBInstancesCommand({}))).DBInstances?.[0]);
  const redis = () =>
    using(ElastiCacheClient, environment, async (client) => {
      return (await client.send(new DescribeReplicationGroupsCommand({}))).ReplicationGroups?.[0];
    });
  const redisUrl = async () => (await environment.pulumi("data", "stack", "output", "redisUrl")).stdout;

  it("that failed in a zone are completed in others, with subnets and NAT gateway moved", async () => {
    proxy.inject(/^CreateNatGateway$/, { kind: "refused", code: "NotAvailableInZone" });
    const failed = await deploy("network");
    expect(failed.exitCode).to.equal(1);
    expect(failed.layers[0]?.reason).to.contain("NotAvailableInZone").and.to.contain("availabilityZones=");
    proxy.heal();
    set("network", { availabilityZones: "us-east-1c,us-east-1d" });
    await deployed("network");
    await using(EC2Client, environment, async (ec2) => {
      const { Subnets = [] } = await ec2.send(new DescribeSubnetsCommand({}));
      const ours = Subnets.filter(({ CidrBlock }) => CidrBlock?.startsWith("10.0."));
      expect(ours.map(({ AvailabilityZone }) => AvailabilityZone).sort()).to.deep.equal([
        "us-east-1c",
        "us-east-1c",
        "us-east-1d",
        "us-east-1d",
      ]);
      const { NatGateways = [] } = await ec2.send(new DescribeNatGatewaysCommand({}));
      const [gateway, ...others] = NatGateways.filter(({ State }) => State === "available");
      expect(others).to.deep.equal([]);
      expect(ours.map(({ SubnetId }) => SubnetId)).to.include(gateway?.SubnetId);
    });
  });

  it("move a deployed NAT gateway and the associations too, while nothing else is deployed", async () => {
    set("network", { availabilityZones: "us-east-1a,us-east-1b" });
    const report = await deployed("network");
    expect(report?.changes.replace).to.be.greaterThan(4);
  });

  it("move no subnet that is in use", async () => {
    await deployed("data");
    set("network", { availabilityZones: "us-east-1c,us-east-1d" });
    expect(await refused("network"))
      .to.contain("availabilityZones")
      .and.to.contain("data use them");
    set("network", { availabilityZones: "us-east-1a,us-east-1b" });
  });

  it("in the maintenance window are pending, and said to be, until AWS has made them", async () => {
    set("data", { applyChanges: "in-window", dbMaintenanceWindow: "sun:03:00-sun:04:00" });
    expect((await deploy("data")).exitCode).to.equal(0);
    set("data", { dbInstanceClass: "db.t4g.medium", redisNodeType: "cache.t4g.medium" });
    const first = await deploy("data");
    const second = await deploy("data");
    const expected = [
      "DBInstanceClass=db.t4g.medium, pending until sun:03:00-sun:04:00",
      "CacheNodeType=cache.t4g.medium",
    ];
    for (const { exitCode, layers } of [first, second]) {
      expect(exitCode).to.equal(0);
      const pending = layers[0]?.pending?.join() ?? "";
      expected.forEach((text) => expect(pending).to.contain(text));
    }
    expect(second.layers[0]?.status).to.equal("unchanged");
    const status = await environment.rollout("status");
    expect([status.exitCode, ...expected.filter((text) => !status.stdout.includes(text))]).to.deep.equal([0]);
    const drift = await environment.report("drift", "--only", "data", "--expect-no-changes");
    expect([drift.exitCode, drift.layers[0]?.changes.update]).to.deep.equal([0, 0]);
    expected.forEach((text) => expect(drift.layers[0]?.pending?.join()).to.contain(text));
    await passMaintenanceWindow(environment.endpoint);
    expect((await environment.rollout("status")).stdout).not.to.contain("pending until");
    expect((await database())?.DBInstanceClass).to.equal("db.t4g.medium");
    // Nothing tells Pulumi that AWS has made them.
    expect((await environment.pulumi("data", "refresh", "--yes", "--skip-preview")).exitCode).to.equal(0);
  });

  it("take effect at once by default", async () => {
    set("data", { applyChanges: "at-once", dbInstanceClass: "db.t4g.small", redisNodeType: "cache.t4g.small" });
    const report = await deployed("data");
    expect(report?.pending).to.equal(undefined);
    expect((await database())?.DBInstanceClass).to.equal("db.t4g.small");
    expect((await redis())?.CacheNodeType).to.equal("cache.t4g.small");
  });

  it("to a major version of Postgres need consent, and take a snapshot first", async () => {
    set("data", { dbEngineVersion: "17" });
    expect(await refused("data"))
      .to.contain("from 16 to 17")
      .and.to.contain("--allow-upgrade");
    await deployed("data", "--allow-upgrade");
    const {
      DBInstanceIdentifier: id = "",
      EngineVersion: version,
      DBParameterGroups: groups,
    } = (await database()) ?? {};
    expect(version).to.match(/^17/);
    await using(RDSClient, environment, async (rds) => {
      const { DBSnapshots = [] } = await rds.send(new DescribeDBSnapshotsCommand({ DBInstanceIdentifier: id }));
      expect(DBSnapshots.map(({ EngineVersion }) => EngineVersion?.split(".")[0])).to.deep.equal(["16"]);
      const name = DBSnapshots[0]?.DBSnapshotIdentifier ?? "";
      expect(environment.printed.join("\n")).to.contain(name);
      const { DBParameterGroups = [] } = await rds.send(new DescribeDBParameterGroupsCommand({}));
      const ours = DBParameterGroups.filter(({ DBParameterGroupName }) => DBParameterGroupName?.includes("postgres-"));
      expect(ours.map(({ DBParameterGroupFamily }) => DBParameterGroupFamily)).to.deep.equal(["postgres17"]);
      expect(groups?.[0]?.DBParameterGroupName).to.equal(ours[0]?.DBParameterGroupName);
    });
  });

  it("to TLS and a token of Redis are refused in one step, and made by the steps that are printed", async () => {
    set("data", { redisTransitEncryption: "true" });
    const steps = await refused("data");
    expect(steps)
      .to.contain("redisTransitEncryptionMode=preferred")
      .and.to.contain("redisTransitEncryptionMode=required");
    set("data", { redisTransitEncryptionMode: "preferred" });
    await deployed("data");
    expect(await redis()).to.include({ TransitEncryptionEnabled: true, TransitEncryptionMode: "preferred" });
    expect(await redisUrl()).to.match(/^rediss:/);
    set("data", { redisTransitEncryptionMode: "required" });
    await deployed("data");
    environment.configureSecret("data", "proliferate-data:redisAuthToken", "0123456789abcdef");
    expect(await refused("data")).to.contain("redisAuthTokenUpdateStrategy=ROTATE");
    set("data", { redisAuthTokenUpdateStrategy: "ROTATE" });
    await deployed("data");
    set("data", { redisAuthTokenUpdateStrategy: "SET" });
    await deployed("data");
    expect(await redis()).to.include({ TransitEncryptionMode: "required", AuthTokenEnabled: true });
  });
});
