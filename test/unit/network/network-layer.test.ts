import { expect } from "chai";
import { networkContract } from "@proliferate-infra/shared/contracts/network-outputs";
import { createAwsProvider } from "@proliferate-infra/shared/aws-provider";
import { createNetworkLayer } from "proliferate-network/network-layer.ts";
import { sampleSettings } from "../../support/sample-settings.ts";
import { ACCOUNT_ID, mockedId, record, valueOf, type Recording } from "../../support/recording-mocks.ts";
import type { SampleChanges } from "../../support/sample-configuration.ts";

async function network(changes: SampleChanges = {}, stack = "prod") {
  return record((options) => {
    const settings = sampleSettings("network", changes, stack);
    return createNetworkLayer(settings, { ...options, providers: { aws: createAwsProvider(settings, "network") } });
  });
}

const nameTag = (resource: { inputs: Readonly<Record<string, unknown>> }) =>
  (resource.inputs.tags as { Name: string }).Name;

describe("network layer: VPC and subnets", () => {
  let recording: Recording;
  let outputs: Awaited<ReturnType<typeof createNetworkLayer>>;
  before(async () => {
    ({ recording, result: outputs } = await network());
  });

  it("has one VPC with DNS, and an empty default security group", () => {
    expect(recording.only("aws:ec2/vpc:Vpc").inputs).to.deep.include({
      cidrBlock: "10.0.0.0/16",
      enableDnsSupport: true,
      enableDnsHostnames: true,
      tags: { Name: "proliferate" },
    });
    const { inputs } = recording.only("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup");
    expect(inputs).to.deep.include({ ingress: [], egress: [] });
  });

  it("has two public and two private subnets in the first two zones, without public addresses", () => {
    const subnets = recording.all("aws:ec2/subnet:Subnet").map(({ name, inputs }) => ({
      name,
      cidr: inputs.cidrBlock,
      zone: inputs.availabilityZone,
      publicIp: inputs.mapPublicIpOnLaunch,
    }));
    expect(subnets).to.deep.equal([
      { name: "private-subnet-1", cidr: "10.0.1.0/24", zone: "us-east-1a", publicIp: false },
      { name: "private-subnet-2", cidr: "10.0.2.0/24", zone: "us-east-1b", publicIp: false },
      { name: "public-subnet-1", cidr: "10.0.101.0/24", zone: "us-east-1a", publicIp: false },
      { name: "public-subnet-2", cidr: "10.0.102.0/24", zone: "us-east-1b", publicIp: false },
    ]);
  });

  it("keeps zones that AWS chose, and follows zones that are configured", async () => {
    expect(recording.options.get("private-subnet-1")?.ignoreChanges).to.deep.equal(["availabilityZone"]);
    const pinned = await network({ availabilityZones: "us-east-1c,us-east-1d" });
    expect(pinned.recording.only("aws:ec2/subnet:Subnet", "public-subnet-2").inputs.availabilityZone).to.equal(
      "us-east-1d",
    );
    expect(pinned.recording.options.get("public-subnet-2")?.ignoreChanges).to.deep.equal([]);
  });

  it("sends public subnets to the Internet gateway and each private subnet through one NAT gateway", () => {
    const natGateway = recording.only("aws:ec2/natGateway:NatGateway");
    expect(natGateway.inputs.subnetId).to.equal(idOf(recording, "public-subnet-1"));
    expect(recording.only("aws:ec2/eip:Eip").inputs.domain).to.equal("vpc");
    const routes = recording.all("aws:ec2/route:Route").map(({ inputs }) => inputs);
    expect(routes).to.deep.equal([
      { routeTableId: "private-route-table-1-id", destinationCidrBlock: "0.0.0.0/0", natGatewayId: "nat-gateway-1-id" },
      { routeTableId: "private-route-table-2-id", destinationCidrBlock: "0.0.0.0/0", natGatewayId: "nat-gateway-1-id" },
      { routeTableId: "public-route-table-id", destinationCidrBlock: "0.0.0.0/0", gatewayId: "internet-gateway-id" },
    ]);
    const tables = recording.all("aws:ec2/routeTableAssociation:RouteTableAssociation").map(({ inputs }) => inputs);
    expect(tables).to.deep.equal([
      { subnetId: idOf(recording, "private-subnet-1"), routeTableId: "private-route-table-1-id" },
      { subnetId: idOf(recording, "private-subnet-2"), routeTableId: "private-route-table-2-id" },
      { subnetId: idOf(recording, "public-subnet-1"), routeTableId: "public-route-table-id" },
      { subnetId: idOf(recording, "public-subnet-2"), routeTableId: "public-route-table-id" },
    ]);
  });

  it("has a NAT gateway per zone as a setting, which changes routes only", async () => {
    const perZone = (await network({ natGateways: "per-zone" })).recording;
    expect(perZone.all("aws:ec2/natGateway:NatGateway").map(({ inputs }) => inputs.subnetId)).to.deep.equal([
      idOf(perZone, "public-subnet-1"),
      idOf(perZone, "public-subnet-2"),
    ]);
    const [, second] = perZone.all("aws:ec2/route:Route");
    expect(second?.inputs.natGatewayId).to.equal("nat-gateway-2-id");
    expect(perZone.all("aws:ec2/routeTable:RouteTable")).to.deep.equal(recording.all("aws:ec2/routeTable:RouteTable"));
  });

  it("reaches S3 from every route table", () => {
    const { inputs } = recording.only("aws:ec2/vpcEndpoint:VpcEndpoint", "s3-endpoint");
    expect(inputs).to.deep.include({
      vpcEndpointType: "Gateway",
      serviceName: "com.amazonaws.us-east-1.s3",
      routeTableIds: ["public-route-table-id", "private-route-table-1-id", "private-route-table-2-id"],
    });
  });

  it("has no paid endpoints and no flow logs by default", () => {
    expect(recording.all("aws:ec2/vpcEndpoint:VpcEndpoint")).to.have.length(1);
    expect(recording.all("aws:ec2/flowLog:FlowLog")).to.deep.equal([]);
  });

  it("has interface endpoints as a setting, reached by HTTPS from the VPC", async () => {
    const { recording: on } = await network({ enableInterfaceEndpoints: "true" });
    const endpoints = on
      .all("aws:ec2/vpcEndpoint:VpcEndpoint")
      .filter(({ inputs }) => inputs.vpcEndpointType === "Interface");
    expect(endpoints.map(({ inputs }) => inputs.serviceName)).to.have.members([
      "com.amazonaws.us-east-1.ecr.api",
      "com.amazonaws.us-east-1.ecr.dkr",
      "com.amazonaws.us-east-1.logs",
      "com.amazonaws.us-east-1.secretsmanager",
    ]);
    for (const { inputs } of endpoints) {
      expect(inputs.privateDnsEnabled).to.equal(true);
      expect(inputs.subnetIds).to.deep.equal([idOf(on, "private-subnet-1"), idOf(on, "private-subnet-2")]);
    }
    const rule = on.only("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "interface-endpoints-from-vpc");
    expect(rule.inputs).to.deep.include({ cidrIpv4: "10.0.0.0/16", fromPort: 443, toPort: 443, ipProtocol: "tcp" });
  });

  it("has flow logs as a setting, with a role that only this account's flow logs may use", async () => {
    const { recording: on } = await network({ enableFlowLogs: "true" });
    expect(on.only("aws:ec2/flowLog:FlowLog").inputs).to.deep.include({ trafficType: "ALL", vpcId: idOf(on, "vpc") });
    expect(on.only("aws:cloudwatch/logGroup:LogGroup").inputs.retentionInDays).to.equal(90);
    const trust = JSON.parse(on.only("aws:iam/role:Role").inputs.assumeRolePolicy as string) as {
      Statement: { Condition: unknown }[];
    };
    expect(trust.Statement[0]?.Condition).to.deep.equal({
      StringEquals: { "aws:SourceAccount": ACCOUNT_ID },
      ArnLike: { "aws:SourceArn": `arn:aws:ec2:us-east-1:${ACCOUNT_ID}:vpc-flow-log/*` },
    });
  });

  it("exports what its contract says", async () => {
    const values = await valueOf(outputs);
    expect(networkContract.schema({ region: "us-east-1" }).strict().safeParse(values).error).to.equal(undefined);
    expect(values.availabilityZones).to.deep.equal(["us-east-1a", "us-east-1b"]);
  });

  it("puts the environment's prefix first in every name", async () => {
    const { recording: staging } = await network({ resourcePrefix: "proliferate-staging" });
    for (const resource of staging.resources.filter(({ inputs }) => inputs.tags !== undefined)) {
      expect(nameTag(resource), resource.name).to.match(/^proliferate-staging(-|$)/);
    }
  });

  it("gives every resource the explicit provider", () => {
    for (const { name, type, provider } of recording.resources.filter((resource) => resource.type.startsWith("aws:"))) {
      expect(provider, `${type} ${name}`).to.match(/pulumi:providers:aws::aws::/);
    }
  });

  it("protects VPC, subnets and security groups, except in throw-away stacks", async () => {
    const isProtected = (from: Recording) =>
      [...from.options].filter(([, { protect }]) => protect === true).map(([name]) => name);
    expect(isProtected(recording)).to.have.members([
      "vpc",
      ...recording.all("aws:ec2/subnet:Subnet").map(({ name }) => name),
      ...recording.all("aws:ec2/securityGroup:SecurityGroup").map(({ name }) => name),
    ]);
    expect(isProtected((await network({}, "dev-ann")).recording)).to.deep.equal([]);
  });
});

/** Id that the mocks gave to the resource of that logical name. */
function idOf({ resources }: Recording, name: string): string {
  const resource = resources.find((candidate) => candidate.name === name);
  if (resource === undefined) {
    throw new Error(`There is no resource ${name}.`);
  }
  return mockedId(resource.type, name);
}
