/** Rules for VPC, subnets and security groups. Security-group rules must be separate resources. */
import { listOf, mustBeOff, type Control, type Properties } from "../control.ts";

const INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule";
const GROUP = "aws:ec2/securityGroup:SecurityGroup";

function isFromWorld({ cidrIpv4, cidrIpv6 }: Properties): boolean {
  return cidrIpv4 === "0.0.0.0/0" || cidrIpv6 === "::/0";
}

/** Returns whether a rule covers a TCP port. Protocol -1 covers all ports. */
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
  description: "Security groups and their rules have a description.",
  controls: ["CKV_AWS_23"],
  severity: "low",
  violation: isDescribed,
  fix: "Give it a description.",
});

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
    description: "Subnets do not assign public addresses.",
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
    fix: "Allow security groups (referencedSecurityGroupId), not addresses.",
  },
  {
    name: "only-http-from-the-internet",
    description: "Only ports 80 and 443 are reachable from the Internet.",
    controls: ["EC2.18", "CKV_AWS_260", "CKV_AWS_277"],
    severity: "high",
    type: INGRESS,
    violation: (rule) =>
      isFromWorld(rule) && !(rule.fromPort === rule.toPort && [80, 443].includes(Number(rule.fromPort)))
        ? "more than port 80 or 443 is open to the Internet"
        : undefined,
    fix: "Write one rule for port 80 and one for port 443.",
  },
  {
    name: "security-group-rules-are-separate",
    description: "Security-group rules are separate resources. This pack cannot check others.",
    controls: ["AWS provider documentation, aws.ec2.SecurityGroup"],
    severity: "medium",
    type: GROUP,
    violation: ({ ingress, egress }) =>
      listOf(ingress).length + listOf(egress).length === 0 ? undefined : "it has inline rules",
    fix: "Use aws.vpc.SecurityGroupIngressRule and aws.vpc.SecurityGroupEgressRule.",
  },
  describe("security-groups-are-described", GROUP),
  describe("ingress-rules-are-described", INGRESS),
  describe("egress-rules-are-described", EGRESS),
];
