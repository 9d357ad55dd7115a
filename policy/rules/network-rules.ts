/** Controls of VPC, subnets and security groups. Rules of security groups are resources of their own here. */
import { listOf, mustBeOff, type Control, type Properties } from "../control.ts";

const INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule";
const GROUP = "aws:ec2/securityGroup:SecurityGroup";

function isFromWorld({ cidrIpv4, cidrIpv6 }: Properties): boolean {
  return cidrIpv4 === "0.0.0.0/0" || cidrIpv6 === "::/0";
}

/** Whether a rule covers a TCP port; protocol -1 covers all. */
function covers({ ipProtocol, fromPort, toPort }: Properties, port: number): boolean {
  return ipProtocol === "-1" || (Number(fromPort) <= port && port <= Number(toPort));
}

const notFromWorld =
  (ports: readonly number[]): Control["violation"] =>
  (rule) => {
    const open = isFromWorld(rule) ? ports.filter((port) => covers(rule, port)) : [];
    return open.length > 0 ? `port ${open.join(" and ")} is open to the Internet` : undefined;
  };

const isDescribed: Control["violation"] = ({ description }) =>
  typeof description === "string" && description !== "" && description !== "Managed by Pulumi"
    ? undefined
    : "it has no description";

const describe = (name: string, type: string): Control => ({
  name,
  type,
  description: "Security groups and their rules say what they are for.",
  controls: ["CKV_AWS_23"],
  severity: "low",
  violation: isDescribed,
  fix: "Give it a description.",
});

/** Controls of the network. */
export const networkRules: readonly Control[] = [
  {
    name: "default-security-group-is-empty",
    description: "The VPC's default security group allows nothing.",
    controls: ["EC2.2", "CIS 6.5", "CKV2_AWS_12"],
    severity: "high",
    type: "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
    violation: ({ ingress, egress }) =>
      listOf(ingress).length + listOf(egress).length === 0 ? undefined : "it allows traffic",
    fix: "Set ingress and egress to empty lists.",
  },
  {
    name: "no-public-address-on-launch",
    description: "Nothing gets a public address by being started in a subnet.",
    controls: ["EC2.15", "CKV_AWS_130"],
    severity: "high",
    type: "aws:ec2/subnet:Subnet",
    violation: mustBeOff("mapPublicIpOnLaunch"),
    fix: "Set mapPublicIpOnLaunch to false.",
  },
  {
    name: "no-administration-from-the-internet",
    description: "SSH and RDP are not reachable from the Internet.",
    controls: ["EC2.13", "EC2.14", "CIS 6.3", "CIS 6.4", "CKV_AWS_24", "CKV_AWS_25"],
    severity: "high",
    type: INGRESS,
    violation: notFromWorld([22, 3389]),
    fix: "Name a security group or a narrower range.",
  },
  {
    name: "no-data-from-the-internet",
    description: "Postgres and Redis are not reachable from the Internet.",
    controls: ["EC2.19", "Prowler ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_postgres_5432"],
    severity: "high",
    type: INGRESS,
    violation: notFromWorld([5432, 6379]),
    fix: "Let in security groups (referencedSecurityGroupId), not addresses.",
  },
  {
    name: "only-http-from-the-internet",
    description: "From the Internet, ports 80 and 443 are reachable and no others.",
    controls: ["EC2.18", "CKV_AWS_260", "CKV_AWS_277"],
    severity: "high",
    type: INGRESS,
    violation: (rule) =>
      isFromWorld(rule) && !(rule.fromPort === rule.toPort && [80, 443].includes(Number(rule.fromPort)))
        ? "more than port 80 or 443 is open to the Internet"
        : undefined,
    fix: "One rule for one port: 80 or 443.",
  },
  {
    name: "security-group-rules-are-separate",
    description: "Rules are resources of their own, or the rules here would not see them.",
    controls: ["AWS provider documentation, aws.ec2.SecurityGroup"],
    severity: "medium",
    type: GROUP,
    violation: ({ ingress, egress }) =>
      listOf(ingress).length + listOf(egress).length === 0 ? undefined : "it has rules of its own",
    fix: "Use aws.vpc.SecurityGroupIngressRule and aws.vpc.SecurityGroupEgressRule.",
  },
  describe("security-groups-are-described", GROUP),
  describe("ingress-rules-are-described", INGRESS),
  describe("egress-rules-are-described", EGRESS),
];
