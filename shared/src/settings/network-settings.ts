/** Keys that only the network layer has. */
import { parseCidr, planSubnets } from "../aws/cidr-blocks.ts";
import { bool, cidr, listOf, oneOf, text } from "../values/value-kinds.ts";
import { atOnce, interruption, moveData, replacement, toFalse, toTrue } from "./effect.ts";
import { defaulted, optional, type Default } from "./setting.ts";

const DEFAULT_VPC_CIDR = "10.0.0.0/16";
/** AWS allows subnets from /16 to /28. */
const subnetCidr = cidr(16, 28);

/** Returns the default for the public or the private half of the subnets, derived from the VPC's range. */
function plannedSubnets(half: "publicCidrs" | "privateCidrs"): Default<readonly string[]> {
  const plan = (vpcCidr: string) => {
    const vpc = parseCidr(vpcCidr);
    return vpc === undefined ? [] : planSubnets(vpc)[half];
  };
  return {
    shown: `${plan(DEFAULT_VPC_CIDR).join(", ")} in the default VPC`,
    value: ({ vpcCidr }) => plan(vpcCidr ?? DEFAULT_VPC_CIDR),
  };
}

const network = { layers: ["network"], secret: false } as const;

/** AWS deletes no subnet that is in use, and changes none. */
const subnets = interruption(
  `Subnets and NAT gateways are replaced while neither data nor services is deployed, and refused afterwards: ${moveData}`,
);

/** Settings of the VPC, its subnets and its security groups. */
export const networkSettings = {
  vpcCidr: defaulted(DEFAULT_VPC_CIDR, cidr(16, 26), {
    ...network,
    effects: [replacement("the VPC and everything in it", moveData)],
    description: "Address range of the VPC.",
  }),
  publicSubnetCidrs: defaulted(plannedSubnets("publicCidrs"), listOf(subnetCidr, 2, 2), {
    ...network,
    effects: [subnets],
    description: "Address ranges of the two public subnets. They must lie inside the VPC and not overlap.",
  }),
  privateSubnetCidrs: defaulted(plannedSubnets("privateCidrs"), listOf(subnetCidr, 2, 2), {
    ...network,
    effects: [subnets],
    description: "Address ranges of the two private subnets. They must lie inside the VPC and not overlap.",
  }),
  availabilityZones: optional(
    listOf(text("a zone's name such as us-east-1a", /^[a-z]{2}(?:-[a-z]+)+-\d[a-z]$/), 2, 2),
    {
      ...network,
      effects: [subnets],
      description:
        "The two availability zones. Left out: the region's first two that have NAT gateways and Fargate, at the first " +
        "deployment; they do not change later.",
    },
  ),
  natGateways: defaulted("single", oneOf("single", "per-zone"), {
    ...network,
    effects: [interruption("The route of the second zone changes: its tasks lose open connections to the Internet.")],
    description:
      "One NAT gateway, or one in each zone (about 33 USD a month more), so that the outage of one zone does not " +
      "affect the other.",
  }),
  enableFlowLogs: defaulted(false, bool, {
    ...network,
    effects: [atOnce("Creates or deletes the flow log and its log group.")],
    description: "Sends the VPC's flow logs to CloudWatch. About 0.50 USD for each GB.",
  }),
  enableInterfaceEndpoints: defaulted(false, bool, {
    ...network,
    effects: [
      toTrue(atOnce("Creates the endpoints, which takes AWS a few minutes.")),
      toFalse(replacement("the endpoints and their security group", "Nothing else uses that group.")),
    ],
    description: "Creates private endpoints for ECR, CloudWatch Logs and Secrets Manager. About 58 USD a month.",
  }),
  dbAllowedCidrs: defaulted([], listOf(cidr(1, 32)), {
    ...network,
    effects: [atOnce("Changes the rules of the database's security group.")],
    description:
      "Additional address ranges that may reach Postgres on port 5432, such as a VPN's. The whole Internet is not" +
      " allowed.",
  }),
};
