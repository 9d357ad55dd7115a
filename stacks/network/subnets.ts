/** Two public and two private subnets, one of each per zone, and their ways out. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { LayerScope } from "@proliferate-infra/shared/program/layer";

const EVERYWHERE = "0.0.0.0/0";

/** The subnets of an environment, in the order of the zones. */
export interface Subnets {
  readonly publicSubnets: readonly aws.ec2.Subnet[];
  readonly privateSubnets: readonly aws.ec2.Subnet[];
  /** Every route table, for gateway endpoints. */
  readonly routeTables: readonly aws.ec2.RouteTable[];
}

/** Creates subnets, gateways and routes. */
export function createSubnets(scope: LayerScope<"network">, vpc: aws.ec2.Vpc): Subnets {
  const zones = scope.settings.availabilityZones ?? firstZones(scope);
  const publicSubnets = zones.map((zone, index) => createSubnet(scope, vpc, "public", zone, index));
  const privateSubnets = zones.map((zone, index) => createSubnet(scope, vpc, "private", zone, index));
  const { table, wayOut } = createPublicRoutes(scope, vpc, publicSubnets);
  const natGateways = createNatGateways(scope, publicSubnets, wayOut);
  const privateTables = createPrivateRoutes(scope, vpc, natGateways, privateSubnets);
  return { publicSubnets, privateSubnets, routeTables: [table, ...privateTables] };
}

/**
 * Zones, by the IDs that are the same in all accounts, that lack what the layers need. Fargate: Amazon ECS Developer Guide,
 * Supported Regions for Amazon ECS on AWS Fargate. NAT gateways in apne1-az3 too: aws/aws-cdk issue 5847. use1-az3 has no
 * Nitro instances, so no t4g nodes for RDS and ElastiCache.
 */
const UNUSABLE_ZONES = ["apne1-az3", "usw1-az2", "use1-az3"];

/** The region's first two zones that need no opt-in (so no local or wavelength zones) and have all services. */
function firstZones({ settings, parent }: LayerScope<"network">): pulumi.Output<string>[] {
  const { names } = aws.getAvailabilityZonesOutput(
    {
      state: "available",
      filters: [{ name: "opt-in-status", values: ["opt-in-not-required"] }],
      excludeZoneIds: UNUSABLE_ZONES,
    },
    { parent },
  );
  const zones = names.apply((found): [string, string] => {
    const [first, second] = [...found].sort();
    if (first === undefined || second === undefined) {
      throw new pulumi.RunError(
        `AWS offers ${found.length} usable zone(s) in ${settings.region}: ${found.join(", ")}. Two are needed; name them ` +
          `(pulumi config set proliferate-network:availabilityZones <zone>,<zone>) or take another aws:region.`,
      );
    }
    return [first, second];
  });
  return [zones.apply(([first]) => first), zones.apply(([, second]) => second)];
}

function createSubnet(
  { settings, parent, name }: LayerScope<"network">,
  vpc: aws.ec2.Vpc,
  kind: "public" | "private",
  availabilityZone: pulumi.Input<string>,
  index: number,
): aws.ec2.Subnet {
  const cidrs = kind === "public" ? settings.publicSubnetCidrs : settings.privateSubnetCidrs;
  const cidrBlock = cidrs[index];
  if (cidrBlock === undefined) {
    throw new Error(`There is no ${kind} range for zone ${index + 1}; the settings hold ${cidrs.join(", ")}.`);
  }
  return new aws.ec2.Subnet(
    `${kind}-subnet-${index + 1}`,
    {
      vpcId: vpc.id,
      cidrBlock,
      availabilityZone,
      // Load balancers bring their own addresses; nothing else in a public subnet needs one.
      mapPublicIpOnLaunch: false,
      tags: { Name: name("tag", kind, String(index + 1)) },
    },
    {
      parent,
      // AWS changes neither zone nor range, and two subnets cannot have one range. What is in the subnet goes first too. Nothing
      // protects it, because AWS deletes no subnet that is in use, and a deployment that would is refused (backend, subnets.ts).
      deleteBeforeReplace: true,
      // Zones that AWS chose stay what they were at the first deployment, whatever it would list first today.
      ignoreChanges: settings.availabilityZones === undefined ? ["availabilityZone"] : [],
    },
  );
}

function createPublicRoutes(
  { parent, name }: LayerScope<"network">,
  vpc: aws.ec2.Vpc,
  publicSubnets: readonly aws.ec2.Subnet[],
): { readonly table: aws.ec2.RouteTable; readonly wayOut: aws.ec2.Route } {
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
  const wayOut = new aws.ec2.Route(
    "public-route-internet",
    { routeTableId: table.id, destinationCidrBlock: EVERYWHERE, gatewayId: gateway.id },
    { parent },
  );
  associate(parent, "public", publicSubnets, () => table);
  return { table, wayOut };
}

/**
 * One NAT gateway, or one for each zone. AWS creates none in a VPC without an attached Internet gateway
 * (Gateway.NotAttached), so they wait for the public route.
 */
function createNatGateways(
  { settings, parent, name }: LayerScope<"network">,
  publicSubnets: readonly aws.ec2.Subnet[],
  wayOut: aws.ec2.Route,
): aws.ec2.NatGateway[] {
  const homes = settings.natGateways === "per-zone" ? publicSubnets : publicSubnets.slice(0, 1);
  return homes.map((subnet, index) => {
    const number = String(index + 1);
    const tags = { Name: name("tag", "nat", number) };
    const address = new aws.ec2.Eip(`nat-address-${number}`, { domain: "vpc", tags }, { parent });
    return new aws.ec2.NatGateway(
      `nat-gateway-${number}`,
      { allocationId: address.id, subnetId: subnet.id, tags },
      { parent, dependsOn: [wayOut] },
    );
  });
}

/** Each zone has a table of its own, so that a NAT gateway per zone changes routes only. */
function createPrivateRoutes(
  { parent, name }: LayerScope<"network">,
  vpc: aws.ec2.Vpc,
  natGateways: readonly aws.ec2.NatGateway[],
  privateSubnets: readonly aws.ec2.Subnet[],
): aws.ec2.RouteTable[] {
  const tables = privateSubnets.map((_, index) => {
    const number = index + 1;
    const table = new aws.ec2.RouteTable(
      `private-route-table-${number}`,
      { vpcId: vpc.id, tags: { Name: name("tag", "private", String(number)) } },
      { parent },
    );
    const gateway = natGateways[index] ?? natGateways[0];
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

function associate(
  parent: pulumi.Resource,
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
