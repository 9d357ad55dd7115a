/**
 * Rules that need more than one resource. A rule for single resources passes when it finds no resource to check, so the
 * first rule here fails when a layer does not have its expected resource types.
 */
import type { StackValidationPolicy } from "@pulumi/policy";
import { listOf, type Properties } from "./control.ts";

export interface StackResource {
  readonly type: string;
  readonly name: string;
  readonly props: Properties;
}

/** Resource types that every layer must have, by project. A nested list means at least one of its types. */
export const expectedKinds: Readonly<Record<string, readonly (string | readonly string[])[]>> = {
  "proliferate-network": [
    "aws:ec2/vpc:Vpc",
    "aws:ec2/subnet:Subnet",
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
    "aws:ec2/securityGroup:SecurityGroup",
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
    "aws:ec2/natGateway:NatGateway",
  ],
  "proliferate-data": [["aws:elasticache/cluster:Cluster", "aws:elasticache/replicationGroup:ReplicationGroup"]],
  "proliferate-secrets": ["aws:secretsmanager/secret:Secret", "aws:secretsmanager/secretVersion:SecretVersion"],
  "proliferate-services": [
    "aws:ecs/cluster:Cluster",
    "aws:ecs/taskDefinition:TaskDefinition",
    "aws:ecs/service:Service",
    "aws:ecr/repository:Repository",
    "aws:ecr/lifecyclePolicy:LifecyclePolicy",
    "aws:lb/loadBalancer:LoadBalancer",
    "aws:lb/listener:Listener",
    "aws:lb/targetGroup:TargetGroup",
    "aws:iam/role:Role",
    "aws:cloudwatch/logGroup:LogGroup",
  ],
};

/** Returns the expected types that a layer does not have. For an unknown project, returns that it has no rules. */
export function missingKinds(project: string, resources: readonly StackResource[]): readonly string[] {
  const types = new Set(resources.map(({ type }) => type));
  const wanted = expectedKinds[project];
  return wanted === undefined
    ? [`the rules of the project ${project}`]
    : wanted
        .map((kinds) => (typeof kinds === "string" ? [kinds] : kinds))
        .filter((kinds) => !kinds.some((kind) => types.has(kind)))
        .map((kinds) => kinds.join(" or "));
}

/** Returns the ARNs of load balancers with an HTTPS listener whose HTTP listener does not redirect to it. */
export function plainBesideTls(resources: readonly StackResource[]): readonly string[] {
  const listeners = resources.filter(({ type }) => type === "aws:lb/listener:Listener").map(({ props }) => props);
  const withTls = new Set(listeners.filter(({ protocol }) => protocol === "HTTPS").map((each) => each.loadBalancerArn));
  const redirects = ({ defaultActions }: Properties) =>
    (listOf(defaultActions) as readonly Properties[]).every(({ type }) => type === "redirect");
  return listeners
    .filter((each) => each.protocol === "HTTP" && withTls.has(each.loadBalancerArn) && !redirects(each))
    .map((each) => String(each.loadBalancerArn));
}

/** Returns the availability zones of all subnets. */
export function zones(resources: readonly StackResource[]): ReadonlySet<unknown> {
  return new Set(
    resources.filter(({ type }) => type === "aws:ec2/subnet:Subnet").map(({ props }) => props.availabilityZone),
  );
}

const stackRule = (
  name: string,
  description: string,
  faults: (resources: readonly StackResource[], project: string) => readonly string[],
): StackValidationPolicy => ({
  name,
  description,
  enforcementLevel: "mandatory",
  validateStack: ({ resources }, report) => {
    const project = resources[0]?.urn.split("::")[1] ?? "";
    faults(resources, project).forEach((fault) => {
      report(fault);
    });
  },
});

export const stackRules: readonly StackValidationPolicy[] = [
  stackRule("layers-have-their-resources", "Every layer has its expected resource types.", (resources, project) =>
    missingKinds(project, resources).map((kind) => `${kind} is missing, so nothing was checked about it.`),
  ),
  stackRule(
    "http-is-redirected-to-https",
    "When a load balancer has HTTPS, HTTP redirects to it (ELB.1, CKV2_AWS_20).",
    (resources) => plainBesideTls(resources).map((arn) => `${arn} does not redirect port 80 to HTTPS. Redirect it.`),
  ),
  stackRule(
    "subnets-are-in-two-zones",
    "Subnets are in two zones or more (Prowler vpc_subnet_different_az).",
    (resources, project) =>
      project === "proliferate-network" && zones(resources).size < 2
        ? ["All subnets are in one zone. Set two availabilityZones."]
        : [],
  ),
];
