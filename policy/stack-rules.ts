/**
 * Controls that need more than one resource. The first of them makes an empty match red: rules that look at nothing are
 * green, so every layer must have the kinds that it is there for.
 */
import type { StackValidationPolicy } from "@pulumi/policy";
import { listOf, type Properties } from "./control.ts";

/** A resource as a stack rule sees it. */
export interface StackResource {
  readonly type: string;
  readonly name: string;
  readonly props: Properties;
}

/** Kinds that a layer always has, by its project. A list inside means one of them. */
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

/** Kinds that a layer lacks. A project that is none of ours lacks itself. */
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

/** Load balancers with an HTTPS listener whose listener of port 80 does not send to it. */
export function plainBesideTls(resources: readonly StackResource[]): readonly string[] {
  const listeners = resources.filter(({ type }) => type === "aws:lb/listener:Listener").map(({ props }) => props);
  const withTls = new Set(listeners.filter(({ protocol }) => protocol === "HTTPS").map((each) => each.loadBalancerArn));
  const redirects = ({ defaultActions }: Properties) =>
    (listOf(defaultActions) as readonly Properties[]).every(({ type }) => type === "redirect");
  return listeners
    .filter((each) => each.protocol === "HTTP" && withTls.has(each.loadBalancerArn) && !redirects(each))
    .map((each) => String(each.loadBalancerArn));
}

/** Whether private and public subnets are in two zones each. */
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

/** Controls of whole layers. */
export const stackRules: readonly StackValidationPolicy[] = [
  stackRule(
    "layers-have-their-resources",
    "Every layer has the kinds of resources that it is there for.",
    (resources, project) =>
      missingKinds(project, resources).map((kind) => `${kind} is missing, so nothing was checked about it.`),
  ),
  stackRule(
    "http-is-redirected-to-https",
    "Where there is HTTPS, HTTP sends to it (ELB.1, CKV2_AWS_20).",
    (resources) => plainBesideTls(resources).map((arn) => `${arn} answers on port 80 beside HTTPS. Redirect it.`),
  ),
  stackRule(
    "subnets-are-in-two-zones",
    "Subnets are in two zones or more (Prowler vpc_subnet_different_az).",
    (resources, project) =>
      project === "proliferate-network" && zones(resources).size < 2
        ? ["All subnets are in one zone. Name two availabilityZones."]
        : [],
  ),
];
