/** Takes the network, the database and the secrets of another Pulumi project over, as docs/from-the-single-project.md says. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DescribeVpcsCommand, EC2Client } from "@aws-sdk/client-ec2";
import { DescribeDBInstancesCommand, RDSClient } from "@aws-sdk/client-rds";
import { ListSecretsCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { expect } from "chai";
import { execa } from "execa";
import { repositoryRoot } from "@proliferate-infra/backend/root";
import { EngineEnvironment } from "@proliferate-infra/testing/engine-environment";
import { smallEnvironment } from "@proliferate-infra/testing/small-environment";
import { using } from "./emulator-client.ts";
import { stepsBuildOnEachOther } from "./steps.ts";

const MINUTES = 60_000;
const PASSWORD = "db-password-canary";
const LAYERS = ["--only", "network,data,secrets"];

/** A project with everything in one file. */
const OLD_PROGRAM = `
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
const vpc = new aws.ec2.Vpc("vpc", { cidrBlock: "10.9.0.0/16" });
const gateway = new aws.ec2.InternetGateway("gateway", { vpcId: vpc.id });
const subnet = (name, cidrBlock, zone) =>
  new aws.ec2.Subnet(name, { vpcId: vpc.id, cidrBlock, availabilityZone: "us-east-1" + zone });
const subnets = {
  public1: subnet("public-1", "10.9.10.0/24", "a"),
  public2: subnet("public-2", "10.9.20.0/24", "b"),
  private1: subnet("private-1", "10.9.30.0/24", "a"),
  private2: subnet("private-2", "10.9.40.0/24", "b"),
};
const table = new aws.ec2.RouteTable("private", { vpcId: vpc.id });
const association = new aws.ec2.RouteTableAssociation("private-1", { subnetId: subnets.private1.id, routeTableId: table.id });
const group = new aws.rds.SubnetGroup("db", { subnetIds: [subnets.private1.id, subnets.private2.id] });
const database = new aws.rds.Instance("db", {
  engine: "postgres", engineVersion: "16", instanceClass: "db.t4g.micro", allocatedStorage: 20, storageType: "gp3",
  storageEncrypted: true, dbName: "proliferate", username: "proliferate", password: process.env.OLD_PASSWORD,
  dbSubnetGroupName: group.name, skipFinalSnapshot: true,
});
const secret = new aws.secretsmanager.Secret("gateway", { name: "other-gateway" });
new aws.secretsmanager.SecretVersion("gateway", { secretId: secret.id, secretString: "old" });
new aws.cloudwatch.LogGroup("old-logs");
export const ids = {
  network: {
    "aws:ec2/vpc:Vpc::vpc": vpc.id,
    "aws:ec2/internetGateway:InternetGateway::internet-gateway": gateway.id,
    "aws:ec2/subnet:Subnet::public-subnet-1": subnets.public1.id,
    "aws:ec2/subnet:Subnet::public-subnet-2": subnets.public2.id,
    "aws:ec2/subnet:Subnet::private-subnet-1": subnets.private1.id,
    "aws:ec2/subnet:Subnet::private-subnet-2": subnets.private2.id,
    "aws:ec2/routeTableAssociation:RouteTableAssociation::private-route-table-association-1":
      pulumi.interpolate\`\${subnets.private1.id}/\${table.id}\`,
  },
  data: { "aws:rds/subnetGroup:SubnetGroup::other-postgres": group.id, "aws:rds/instance:Instance::other-postgres": database.identifier },
  secrets: { "aws:secretsmanager/secret:Secret::gateway-secret": secret.arn },
};
export const keep = [vpc, gateway, ...Object.values(subnets), association, group, database, secret].map(({ urn }) => urn);
`;

describe("resources of another project", function () {
  this.timeout(15 * MINUTES);
  stepsBuildOnEachOther();
  let environment: EngineEnvironment;
  let folder: string;
  let ids: Readonly<Record<string, Readonly<Record<string, string>>>>;
  let keep: readonly string[];

  const oldPulumi = async (...args: readonly string[]) => {
    const PULUMI_BACKEND_URL = `file://${folder}/state`;
    const env = { ...environment.env, PULUMI_BACKEND_URL, PULUMI_CONFIG_PASSPHRASE: "old", OLD_PASSWORD: PASSWORD };
    const { stdout } = await execa("pulumi", [...args, "--stack", "old"], { cwd: folder, env, extendEnv: false });
    return stdout;
  };
  const adopt = { ROLLOUT_ADOPT: "" };

  before(async () => {
    environment = await EngineEnvironment.start("dev-adopted", {
      ...smallEnvironment,
      ...{ enableRds: "true", databaseUrlOverride: undefined, dbPassword: PASSWORD },
      ...{ vpcCidr: "10.9.0.0/16", availabilityZones: "us-east-1a,us-east-1b" },
      ...{ publicSubnetCidrs: "10.9.10.0/24,10.9.20.0/24", privateSubnetCidrs: "10.9.30.0/24,10.9.40.0/24" },
    });
    folder = mkdtempSync(join(tmpdir(), "old-project-"));
    adopt.ROLLOUT_ADOPT = join(folder, "adopt.json");
    mkdirSync(join(folder, "state"));
    symlinkSync(join(repositoryRoot, "stacks/data/node_modules"), join(folder, "node_modules"));
    writeFileSync(
      join(folder, "Pulumi.yaml"),
      "name: old\nruntime: { name: nodejs, options: { typescript: false } }\nmain: index.mjs\n",
    );
    writeFileSync(join(folder, "package.json"), '{ "name": "old", "type": "module" }');
    writeFileSync(join(folder, "index.mjs"), OLD_PROGRAM);
    await oldPulumi("stack", "init");
    await oldPulumi("up", "--yes", "--skip-preview", "--config", "aws:region=us-east-1");
    const outputs = JSON.parse(await oldPulumi("stack", "output", "--json")) as { ids: typeof ids; keep: string[] };
    ({ ids, keep } = outputs);
  });
  after(async () => {
    await environment.dispose();
    rmSync(folder, { recursive: true });
  });

  /** What holds data or addresses in AWS. */
  const found = async () => ({
    vpcs: await using(EC2Client, environment, async (ec2) => {
      const { Vpcs: vpcs = [] } = await ec2.send(new DescribeVpcsCommand({}));
      return vpcs.filter(({ IsDefault }) => IsDefault !== true).map(({ VpcId }) => VpcId);
    }),
    databases: await using(RDSClient, environment, async (rds) => {
      const { DBInstances: instances = [] } = await rds.send(new DescribeDBInstancesCommand({}));
      return instances.map(({ DBInstanceIdentifier }) => DBInstanceIdentifier);
    }),
    secrets: await using(SecretsManagerClient, environment, async (secrets) => {
      const { SecretList: list = [] } = await secrets.send(new ListSecretsCommand({}));
      return list.map(({ ARN }) => ARN);
    }),
  });
  const expectSameResources = async () => {
    const { vpcs, databases, secrets } = await found();
    expect(vpcs).to.deep.equal([ids.network?.["aws:ec2/vpc:Vpc::vpc"]]);
    expect(databases).to.deep.equal([ids.data?.["aws:rds/instance:Instance::other-postgres"]]);
    expect(secrets).to.include(ids.secrets?.["aws:secretsmanager/secret:Secret::gateway-secret"]);
  };

  it("are refused when a layer has no such resource, with those that it has", async () => {
    writeFileSync(adopt.ROLLOUT_ADOPT, JSON.stringify({ network: { "aws:ec2/vpc:Vpc::main": "vpc-1" } }));
    const { exitCode, stderr, stdout } = await environment.rolloutWith(adopt, "preview", "--only", "network");
    expect(exitCode).to.equal(1);
    expect(stdout + stderr)
      .to.contain("aws:ec2/vpc:Vpc::main")
      .and.to.contain("  aws:ec2/vpc:Vpc::vpc");
  });

  it("come into the layers' states without a change of them", async () => {
    writeFileSync(adopt.ROLLOUT_ADOPT, JSON.stringify(ids));
    const { exitCode } = await environment.rolloutWith(adopt, "up", "--yes", ...LAYERS);
    expect(exitCode, environment.printed.join("\n")).to.equal(0);
    await expectSameResources();
    for (const [layer, adopted] of Object.entries(ids)) {
      const state = await environment.stateOf(layer as "network");
      for (const id of Object.values(adopted)) {
        expect(state).to.contain(id.split("/")[0]);
      }
    }
  });

  it("are not replaced or deleted by the next deployment, which changes their differences", async () => {
    const { layers, exitCode } = await environment.report("preview", "--force", ...LAYERS);
    expect(exitCode, environment.printed.at(-1)).to.equal(0);
    for (const { layer, changes } of layers) {
      expect(changes, layer).to.include({ replace: 0, delete: 0 });
    }
    expect((await environment.report("up", "--force", ...LAYERS)).exitCode, environment.printed.join("\n")).to.equal(0);
    await expectSameResources();
  });

  it("outlive the old project", async () => {
    await oldPulumi("state", "protect", "--yes", ...keep);
    await oldPulumi("destroy", "--yes", "--skip-preview", "--exclude-protected");
    await oldPulumi("stack", "rm", "--yes", "--force");
    await expectSameResources();
    expect((await environment.report("preview", "--force", ...LAYERS)).exitCode).to.equal(0);
  });

  it("leave no password in what the commands print", () => {
    expect(environment.printed.filter((text) => text.includes(PASSWORD))).to.deep.equal([]);
  });
});
