/** Resources of EC2. AWS chooses their IDs, so that tags or places identify them. */
import { crc32 } from "node:zlib";
import {
  DescribeNatGatewaysCommand,
  DescribeRouteTablesCommand,
  DescribeTagsCommand,
  EC2Client,
  paginateDescribeSecurityGroupRules,
  paginateDescribeTags,
  waitUntilNatGatewayAvailable,
  type SecurityGroupRule,
} from "@aws-sdk/client-ec2";
import { withAwsClient } from "@proliferate-infra/backend/aws/client";
import { hasTags, textOf, theNewOne, waiting, type Creation, type Finder } from "./creation.ts";

/** Resources whose IDs begin with `prefix`, by their Name tag and the provider's default tags. */
export const byNameTag =
  (prefix: string): Finder =>
  (creation, options) =>
    withAwsClient(EC2Client, { region: options.region }, async (client) =>
      theNewOne(creation, await taggedIds(client, prefix, creation)),
    );

export const natGateway: Finder = (creation, options) =>
  withAwsClient(EC2Client, { region: options.region }, async (client) => {
    // AWS lists gateways for an hour after they have failed or been deleted.
    const Filter = [{ Name: "state", Values: ["pending", "available"] }];
    const { NatGateways = [] } = await client.send(new DescribeNatGatewaysCommand({ Filter }));
    const usable = new Set(NatGateways.map(({ NatGatewayId }) => NatGatewayId));
    const id = theNewOne(
      creation,
      (await taggedIds(client, "nat-", creation)).filter((each) => usable.has(each)),
    );
    if (id !== undefined) {
      await waitUntilNatGatewayAvailable(waiting(client, options), { NatGatewayIds: [id] });
    }
    return id;
  });

/** The provider makes the ID from table and destination; a missing route is seen when it is read. */
export const route: Finder = (creation) => {
  const destination = textOf(creation, "destinationCidrBlock");
  return Promise.resolve(`r-${textOf(creation, "routeTableId")}${String(crc32(destination))}`);
};

export const routeTableAssociation: Finder = (creation, options) =>
  withAwsClient(EC2Client, { region: options.region }, async (client) => {
    const Filters = [{ Name: "association.subnet-id", Values: [textOf(creation, "subnetId")] }];
    const { RouteTables = [] } = await client.send(new DescribeRouteTablesCommand({ Filters }));
    return RouteTables.flatMap(({ Associations = [] }) => Associations).find(
      ({ SubnetId, RouteTableId }) =>
        SubnetId === creation.inputs.subnetId && RouteTableId === creation.inputs.routeTableId,
    )?.RouteTableAssociationId;
  });

/** AWS refuses two rules of a group that are equal in direction, protocol, ports and peer. */
export const securityGroupRule =
  (isEgress: boolean): Finder =>
  (creation, options) =>
    withAwsClient(EC2Client, { region: options.region }, async (client) => {
      const Filters = [{ Name: "group-id", Values: [textOf(creation, "securityGroupId")] }];
      for await (const page of paginateDescribeSecurityGroupRules({ client }, { Filters })) {
        const found = page.SecurityGroupRules?.find((rule) => rule.IsEgress === isEgress && isSameRule(rule, creation));
        if (found !== undefined) {
          return found.SecurityGroupRuleId;
        }
      }
      return undefined;
    });

function isSameRule(rule: SecurityGroupRule, { inputs }: Creation): boolean {
  return (
    rule.IpProtocol === inputs.ipProtocol &&
    // AWS answers -1 where the ports do not matter.
    (rule.FromPort ?? -1) === (inputs.fromPort ?? -1) &&
    (rule.ToPort ?? -1) === (inputs.toPort ?? -1) &&
    rule.CidrIpv4 === inputs.cidrIpv4 &&
    rule.CidrIpv6 === inputs.cidrIpv6 &&
    rule.PrefixListId === inputs.prefixListId &&
    rule.ReferencedGroupInfo?.GroupId === inputs.referencedSecurityGroupId
  );
}

async function taggedIds(client: EC2Client, prefix: string, creation: Creation): Promise<readonly string[]> {
  const tags = { ...creation.defaultTags, Name: nameTagOf(creation) };
  const ids: string[] = [];
  const Filters = [
    { Name: "key", Values: ["Name"] },
    { Name: "value", Values: [tags.Name] },
  ];
  for await (const page of paginateDescribeTags({ client }, { Filters })) {
    ids.push(...(page.Tags ?? []).flatMap(({ ResourceId: id = "" }) => (id.startsWith(prefix) ? [id] : [])));
  }
  const fits = await Promise.all(ids.map((id) => isTagged(client, id, tags)));
  return ids.filter((_, index) => fits[index]);
}

function nameTagOf({ inputs, urn }: Creation): string {
  const { Name } = (inputs.tags ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof Name !== "string") {
    throw new Error(`${urn} has no Name tag.`);
  }
  return Name;
}

async function isTagged(client: EC2Client, id: string, tags: Readonly<Record<string, string>>): Promise<boolean> {
  const Filters = [{ Name: "resource-id", Values: [id] }];
  const { Tags = [] } = await client.send(new DescribeTagsCommand({ Filters }));
  return hasTags(Tags, tags);
}
