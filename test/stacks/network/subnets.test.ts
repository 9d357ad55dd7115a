import { expect } from "chai";
import { capturedRejections } from "@proliferate-infra/testing/captured-rejections";
import { valueOf, type Recording } from "@proliferate-infra/testing/recording-mocks";
import { dependenciesOf, idOf, recordNetwork, ZONES } from "./recorded-network.ts";

const SUBNET = "aws:ec2/subnet:Subnet";

describe("subnets", () => {
  let recording: Recording;
  before(async () => {
    ({ recording } = await recordNetwork());
  });

  it("are two public and two private ones in the first two zones, without public addresses", () => {
    const subnets = recording.all(SUBNET).map(({ name, inputs }) => ({
      name,
      vpc: inputs.vpcId,
      cidr: inputs.cidrBlock,
      zone: inputs.availabilityZone,
      publicIp: inputs.mapPublicIpOnLaunch,
    }));
    const common = { vpc: idOf(recording, "vpc"), publicIp: false };
    expect(subnets).to.deep.equal([
      { ...common, name: "private-subnet-1", cidr: "10.0.1.0/24", zone: "us-east-1a" },
      { ...common, name: "private-subnet-2", cidr: "10.0.2.0/24", zone: "us-east-1b" },
      { ...common, name: "public-subnet-1", cidr: "10.0.101.0/24", zone: "us-east-1a" },
      { ...common, name: "public-subnet-2", cidr: "10.0.102.0/24", zone: "us-east-1b" },
    ]);
  });

  it("have the configured ranges", async () => {
    const { recording: other, result } = await recordNetwork({
      vpcCidr: "10.20.0.0/16",
      publicSubnetCidrs: "10.20.8.0/24,10.20.9.0/24",
      privateSubnetCidrs: "10.20.1.0/24,10.20.2.0/24",
    });
    expect(other.only("aws:ec2/vpc:Vpc").inputs.cidrBlock).to.equal("10.20.0.0/16");
    expect(result.vpcCidr).to.equal("10.20.0.0/16");
    expect(other.all(SUBNET).map(({ inputs }) => inputs.cidrBlock)).to.deep.equal([
      "10.20.1.0/24",
      "10.20.2.0/24",
      "10.20.8.0/24",
      "10.20.9.0/24",
    ]);
  });

  it("use the first two available zones without opt-in", async () => {
    expect(recording.invokes.map(({ token, inputs }) => ({ token, inputs }))).to.deep.equal([
      {
        token: ZONES,
        inputs: {
          state: "available",
          filters: [{ name: "opt-in-status", values: ["opt-in-not-required"] }],
          excludeZoneIds: ["apne1-az3", "usw1-az2", "use1-az3"],
        },
      },
    ]);
    const { result } = await recordNetwork({}, "prod", ["us-east-1f", "us-east-1d", "us-east-1b"]);
    expect(await valueOf(result.availabilityZones)).to.deep.equal(["us-east-1b", "us-east-1d"]);
  });

  it("are deleted before others with their ranges are created, and are not protected, so that they can be moved", () => {
    for (const { name } of recording.all(SUBNET)) {
      expect(recording.options.get(name), name).to.include({ deleteBeforeReplace: true });
      expect(recording.options.get(name)?.protect, name).not.to.equal(true);
    }
  });

  it("print the fix when AWS has fewer than two zones", async () => {
    const errors = await capturedRejections(() => recordNetwork({}, "prod", ["us-east-1a"]));
    expect(errors.join()).to.contain("1 usable zone(s) in us-east-1: us-east-1a.");
    expect(errors.join()).to.contain("pulumi config set proliferate-network:availabilityZones");
  });

  it("keep zones that AWS chose, and follow zones that are configured", async () => {
    for (const { name } of recording.all(SUBNET)) {
      expect(recording.options.get(name)?.ignoreChanges, name).to.deep.equal(["availabilityZone"]);
    }
    const { recording: pinned } = await recordNetwork({ availabilityZones: "us-east-1c,us-east-1d" });
    expect(pinned.invokes).to.deep.equal([]);
    for (const { name, inputs } of pinned.all(SUBNET)) {
      expect(inputs.availabilityZone, name).to.equal(name.endsWith("1") ? "us-east-1c" : "us-east-1d");
      expect(pinned.options.get(name)?.ignoreChanges, name).to.deep.equal([]);
    }
  });
});

describe("routes", () => {
  let recording: Recording;
  before(async () => {
    ({ recording } = await recordNetwork());
  });

  it("use the Internet gateway for public subnets and one NAT gateway for private subnets", () => {
    expect(recording.only("aws:ec2/internetGateway:InternetGateway").inputs.vpcId).to.equal(idOf(recording, "vpc"));
    expect(recording.only("aws:ec2/natGateway:NatGateway").inputs).to.deep.include({
      subnetId: idOf(recording, "public-subnet-1"),
      allocationId: "nat-address-1-id",
    });
    expect(recording.only("aws:ec2/eip:Eip").inputs.domain).to.equal("vpc");
    const tables = recording.all("aws:ec2/routeTable:RouteTable").map(({ name, inputs }) => [name, inputs.vpcId]);
    expect(tables).to.deep.equal([
      ["private-route-table-1", idOf(recording, "vpc")],
      ["private-route-table-2", idOf(recording, "vpc")],
      ["public-route-table", idOf(recording, "vpc")],
    ]);
    const routes = recording.all("aws:ec2/route:Route").map(({ inputs }) => inputs);
    expect(routes).to.deep.equal([
      { routeTableId: "private-route-table-1-id", destinationCidrBlock: "0.0.0.0/0", natGatewayId: "nat-gateway-1-id" },
      { routeTableId: "private-route-table-2-id", destinationCidrBlock: "0.0.0.0/0", natGatewayId: "nat-gateway-1-id" },
      { routeTableId: "public-route-table-id", destinationCidrBlock: "0.0.0.0/0", gatewayId: "internet-gateway-id" },
    ]);
    // Their names are asserted because a renamed association is created before the old one goes, which AWS refuses.
    const associations = recording.all("aws:ec2/routeTableAssociation:RouteTableAssociation");
    expect(associations.map(({ name, inputs }) => [name, inputs.subnetId, inputs.routeTableId])).to.deep.equal([
      ["private-route-table-association-1", idOf(recording, "private-subnet-1"), "private-route-table-1-id"],
      ["private-route-table-association-2", idOf(recording, "private-subnet-2"), "private-route-table-2-id"],
      ["public-route-table-association-1", idOf(recording, "public-subnet-1"), "public-route-table-id"],
      ["public-route-table-association-2", idOf(recording, "public-subnet-2"), "public-route-table-id"],
    ]);
  });

  it("use a NAT gateway per zone with a setting, which changes only routes", async () => {
    const { recording: perZone } = await recordNetwork({ natGateways: "per-zone" });
    const gateways = perZone.all("aws:ec2/natGateway:NatGateway").map(({ inputs }) => inputs);
    expect(gateways.map(({ subnetId, allocationId }) => [subnetId, allocationId])).to.deep.equal([
      [idOf(perZone, "public-subnet-1"), "nat-address-1-id"],
      [idOf(perZone, "public-subnet-2"), "nat-address-2-id"],
    ]);
    const ways = perZone.all("aws:ec2/route:Route").map(({ inputs }) => inputs.natGatewayId);
    expect(ways).to.deep.equal(["nat-gateway-1-id", "nat-gateway-2-id", undefined]);
    expect(perZone.all("aws:ec2/routeTable:RouteTable")).to.deep.equal(recording.all("aws:ec2/routeTable:RouteTable"));
  });

  it("are created before the NAT gateways, which need an attached Internet gateway", async () => {
    const { recording: perZone } = await recordNetwork({ natGateways: "per-zone" });
    for (const { name } of perZone.all("aws:ec2/natGateway:NatGateway")) {
      expect(await dependenciesOf(perZone, name), name).to.deep.equal(["public-route-internet"]);
    }
  });
});
