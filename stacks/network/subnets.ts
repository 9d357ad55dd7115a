/** Two public and two private subnets, one of each per zone, and their ways out. */
import * as aws from "@pulumi/aws";
import type { NetworkScope } from "./network-layer.ts";

const EVERYWHERE = "0.0.0.0/0";

/** The subnets of an environment, in the order of the zones. */
export interface Subnets {
  readonly publicSubnets: readonly aws.ec2.Subnet[];
  readonly privateSubnets: readonly aws.ec2.Subnet[];
  /** Every route table, for gateway endpoints. */
  readonly routeTables: readonly aws.ec2.RouteTable[];
}

/** Creates subnets, gateways and routes. */
export async function createSubnets(scope: NetworkScope, vpc: aws.ec2.Vpc): Promise<Subnets> {
  const { settings } = scope;
  const zones = settings.availabilityZones ?? (await firstZones(scope));
  const publicSubnets = zones.map((zone, index) => createSubnet(scope, vpc, "public", zone, index));
  const privateSubnets = zones.map((zone, index) => createSubnet(scope, vpc, "private", zone, index));
  const publicTable = createPublicRoutes(scope, vpc, publicSubnets);
  const privateTables = createPrivateRoutes(scope, vpc, publicSubnets, privateSubnets);
  return { publicSubnets, privateSubnets, routeTables: [publicTable, ...privateTables] };
}

/** The region's first two zones that need no opt-in (so no local or wavelength zones). */
async function firstZones({ parent }: NetworkScope): Promise<string[]> {
  const { names } = await aws.getAvailabilityZones(
    { state: "available", filters: [{ name: "opt-in-status", values: ["opt-in-not-required"] }] },
    { parent },
  );
  return names.sort().slice(0, 2);
}

function createSubnet(
  { settings, parent, name }: NetworkScope,
  vpc: aws.ec2.Vpc,
  kind: "public" | "private",
  zone: string,
  index: number,
): aws.ec2.Subnet {
  const cidrs = kind === "public" ? settings.publicSubnetCidrs : settings.privateSubnetCidrs;
  const cidrBlock = cidrs[index];
  if (cidrBlock === undefined) {
    throw new Error(`There is no ${kind} range for zone ${zone}; the settings hold ${cidrs.join(", ")}.`);
  }
  return new aws.ec2.Subnet(
    `${kind}-subnet-${index + 1}`,
    {
      vpcId: vpc.id,
      cidrBlock,
      availabilityZone: zone,
      // Load balancers bring their own addresses; nothing else in a public subnet needs one.
      mapPublicIpOnLaunch: false,
      tags: { Name: name("tag", kind, String(index + 1)) },
    },
    {
      parent,
      protect: settings.protectResources,
      // Zones that AWS chose stay what they were at the first deployment, whatever it would list first today.
      ignoreChanges: settings.availabilityZones === undefined ? ["availabilityZone"] : [],
    },
  );
}

function createPublicRoutes(
  { parent, name }: NetworkScope,
  vpc: aws.ec2.Vpc,
  publicSubnets: readonly aws.ec2.Subnet[],
): aws.ec2.RouteTable {
  const gateway = new aws.ec2.InternetGateway(
    "internet-gateway",
    { vpcId: vpc.id, tags: { Name: name("tag") } },
    { parent },
  );
  const table = new aws.ec2.RouteTable(
    "public-route-table",
    { vpcId: vpc.id, tags: { Name: name("tag", "public") } },
    { parent },
  );
  new aws.ec2.Route(
    "public-route-internet",
    { routeTableId: table.id, destinationCidrBlock: EVERYWHERE, gatewayId: gateway.id },
    { parent },
  );
  associate(parent, "public", publicSubnets, () => table);
  return table;
}

/** Each zone has a table of its own, so that a NAT gateway per zone changes routes only. */
function createPrivateRoutes(
  scope: NetworkScope,
  vpc: aws.ec2.Vpc,
  publicSubnets: readonly aws.ec2.Subnet[],
  privateSubnets: readonly aws.ec2.Subnet[],
): aws.ec2.RouteTable[] {
  const { settings, parent, name } = scope;
  const homes = settings.natGateways === "per-zone" ? publicSubnets : publicSubnets.slice(0, 1);
  const gateways = homes.map((subnet, index) => createNatGateway(scope, subnet, index + 1));
  const tables = privateSubnets.map((_, index) => {
    const number = index + 1;
    const table = new aws.ec2.RouteTable(
      `private-route-table-${number}`,
      { vpcId: vpc.id, tags: { Name: name("tag", "private", String(number)) } },
      { parent },
    );
    const gateway = gateways[index] ?? gateways[0];
    if (gateway !== undefined) {
      new aws.ec2.Route(
        `private-route-internet-${number}`,
        { routeTableId: table.id, destinationCidrBlock: EVERYWHERE, natGatewayId: gateway.id },
        { parent },
      );
    }
    return table;
  });
  associate(parent, "private", privateSubnets, (index) => tables[index]);
  return tables;
}

function createNatGateway({ parent, name }: NetworkScope, subnet: aws.ec2.Subnet, number: number): aws.ec2.NatGateway {
  const tags = { Name: name("tag", "nat", String(number)) };
  const address = new aws.ec2.Eip(`nat-address-${number}`, { domain: "vpc", tags }, { parent });
  return new aws.ec2.NatGateway(
    `nat-gateway-${number}`,
    { allocationId: address.id, subnetId: subnet.id, tags },
    { parent },
  );
}

function associate(
  parent: NetworkScope["parent"],
  kind: string,
  subnets: readonly aws.ec2.Subnet[],
  tableOf: (index: number) => aws.ec2.RouteTable | undefined,
): void {
  for (const [index, subnet] of subnets.entries()) {
    const table = tableOf(index);
    if (table !== undefined) {
      const name = `${kind}-route-table-association-${index + 1}`;
      new aws.ec2.RouteTableAssociation(name, { subnetId: subnet.id, routeTableId: table.id }, { parent });
    }
  }
}
