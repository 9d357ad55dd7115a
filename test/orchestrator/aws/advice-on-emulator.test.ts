/** Advice for the errors that the emulated AWS returns, as the provider prints them. */
import {
  AllocateAddressCommand,
  CreateNatGatewayCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  EC2Client,
} from "@aws-sdk/client-ec2";
import {
  CreateDBInstanceCommand,
  CreateDBParameterGroupCommand,
  CreateDBSubnetGroupCommand,
  DeleteDBParameterGroupCommand,
  ModifyDBInstanceCommand,
  RDSClient,
} from "@aws-sdk/client-rds";
import { CreateClusterCommand, ECSClient } from "@aws-sdk/client-ecs";
import {
  CreateLoadBalancerCommand,
  DeleteLoadBalancerCommand,
  ElasticLoadBalancingV2Client,
  ModifyLoadBalancerAttributesCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { CreateSecretCommand, DeleteSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { expect } from "chai";
import { withAdvice } from "@proliferate-infra/orchestrator/aws/advice/advice";
import { sharedTestEmulator, startTestEmulator } from "@proliferate-infra/testing/emulator";

/** Quotas and zones are of a region; no other test uses this one. Its third zone has no NAT gateways. */
const REGION = "ap-northeast-1";

describe("advice for errors of the emulated AWS", () => {
  let ec2: EC2Client;
  let rds: RDSClient;
  let secrets: SecretsManagerClient;
  let loadBalancers: ElasticLoadBalancingV2Client;
  before(async () => {
    const options = { ...(await sharedTestEmulator()).clientOptions, region: REGION };
    ec2 = new EC2Client(options);
    rds = new RDSClient(options);
    secrets = new SecretsManagerClient(options);
    loadBalancers = new ElasticLoadBalancingV2Client(options);
  });
  after(() => {
    for (const client of [ec2, rds, secrets, loadBalancers]) {
      client.destroy();
    }
  });

  async function adviceFor(what: string, call: () => Promise<unknown>): Promise<string> {
    const error = await call().then(
      () => new Error("AWS accepted the call."),
      (reason: unknown) => reason as Error,
    );
    const text = `${what}: operation error, https response error StatusCode: 400, RequestID: 0a1b, api error ${error.name}: ${error.message}`;
    return withAdvice(text, { stack: "prod", region: REGION }).slice(text.length);
  }

  const createVpc = async (CidrBlock: string) =>
    (await ec2.send(new CreateVpcCommand({ CidrBlock }))).Vpc?.VpcId ?? "no VPC";
  const createSubnet = async (VpcId: string, CidrBlock: string, AvailabilityZoneId: string) =>
    (await ec2.send(new CreateSubnetCommand({ VpcId, CidrBlock, AvailabilityZoneId }))).Subnet?.SubnetId ?? "";

  it("covers subnets with the same addresses", async () => {
    const vpc = await createVpc("10.71.0.0/16");
    await createSubnet(vpc, "10.71.0.0/20", "apne1-az1");
    const again = () => createSubnet(vpc, "10.71.0.0/20", "apne1-az2");
    expect(await adviceFor("creating EC2 Subnet", again)).to.contain("privateSubnetCidrs=");
  });

  it("covers a zone without NAT gateways, and the quota of addresses", async () => {
    const subnet = await createSubnet(await createVpc("10.72.0.0/16"), "10.72.0.0/20", "apne1-az3");
    const allocate = () => ec2.send(new AllocateAddressCommand({ Domain: "vpc" }));
    const { AllocationId } = await allocate();
    const create = () => ec2.send(new CreateNatGatewayCommand({ SubnetId: subnet, AllocationId }));
    expect(await adviceFor("creating EC2 NAT Gateway", create)).to.contain("availabilityZones=");
    await Promise.all([allocate(), allocate(), allocate(), allocate()]);
    expect(await adviceFor("creating EC2 EIP", allocate)).to.contain("L-0263D0A3");
  });

  it("covers the name of a deleted secret", async () => {
    const create = () => secrets.send(new CreateSecretCommand({ Name: "advised", SecretString: "test" }));
    await create();
    await secrets.send(new DeleteSecretCommand({ SecretId: "advised", RecoveryWindowInDays: 7 }));
    const advice = await adviceFor("creating Secrets Manager Secret (advised)", create);
    expect(advice).to.contain(`restore-secret --secret-id advised --region ${REGION}`);
  });

  it("covers parameter groups, major versions and subnets of a database", async () => {
    const group = { DBParameterGroupName: "advised-16", DBParameterGroupFamily: "postgres16", Description: "test" };
    await rds.send(new CreateDBParameterGroupCommand(group));
    const instance = {
      ...{ DBInstanceIdentifier: "advised", DBInstanceClass: "db.t4g.micro", AllocatedStorage: 20 },
      ...{ Engine: "postgres", EngineVersion: "16", MasterUsername: "app", MasterUserPassword: "correct-horse" },
    };
    await rds.send(new CreateDBInstanceCommand({ ...instance, DBParameterGroupName: "advised-16" }));
    const remove = () => rds.send(new DeleteDBParameterGroupCommand({ DBParameterGroupName: "advised-16" }));
    expect(await adviceFor("deleting RDS DB Parameter Group", remove)).to.contain("parameter group is still in use");
    const upgrade = new ModifyDBInstanceCommand({ DBInstanceIdentifier: "advised", EngineVersion: "17" });
    expect(await adviceFor("updating RDS DB Instance", () => rds.send(upgrade))).to.contain("dbEngineVersion=");
    const SubnetIds = [await createSubnet(await createVpc("10.73.0.0/16"), "10.73.0.0/20", "apne1-az1")];
    const subnets = { DBSubnetGroupName: "advised", DBSubnetGroupDescription: "test", SubnetIds };
    const create = () => rds.send(new CreateDBSubnetGroupCommand(subnets));
    expect(await adviceFor("creating RDS DB Subnet Group", create)).to.contain("two zones");
  });

  it("covers storage that was changed lately", async () => {
    const instance = {
      ...{ DBInstanceIdentifier: "grows", DBInstanceClass: "db.t4g.micro", AllocatedStorage: 20 },
      ...{ Engine: "postgres", EngineVersion: "16", MasterUsername: "app", MasterUserPassword: "correct-horse" },
    };
    await rds.send(new CreateDBInstanceCommand(instance));
    const grow = (AllocatedStorage: number) => {
      const change = { DBInstanceIdentifier: "grows", AllocatedStorage, ApplyImmediately: true };
      return rds.send(new ModifyDBInstanceCommand(change));
    };
    await grow(30);
    expect(await adviceFor("updating RDS DB Instance", () => grow(40))).to.contain("six hours");
  });

  it("covers a load balancer that is protected from deletion", async () => {
    const vpc = await createVpc("10.74.0.0/16");
    const one = await createSubnet(vpc, "10.74.0.0/20", "apne1-az1");
    const two = await createSubnet(vpc, "10.74.16.0/20", "apne1-az2");
    const balancer = new CreateLoadBalancerCommand({ Name: "advised", Subnets: [one, two] });
    const LoadBalancerArn = (await loadBalancers.send(balancer)).LoadBalancers?.[0]?.LoadBalancerArn;
    const Attributes = [{ Key: "deletion_protection.enabled", Value: "true" }];
    await loadBalancers.send(new ModifyLoadBalancerAttributesCommand({ LoadBalancerArn, Attributes }));
    const remove = () => loadBalancers.send(new DeleteLoadBalancerCommand({ LoadBalancerArn }));
    expect(await adviceFor("deleting ELBv2 Load Balancer", remove)).to.contain("protectResources=false");
  });

  it("covers the first call of a new account", async () => {
    const emulator = await startTestEmulator("+service-linked-role-ecs");
    const ecs = new ECSClient(emulator.clientOptions);
    try {
      const create = () => ecs.send(new CreateClusterCommand({ clusterName: "app" }));
      expect(await adviceFor("creating ECS Cluster", create)).to.contain("create-service-linked-role");
    } finally {
      ecs.destroy();
      await emulator.stop();
    }
  });
});
