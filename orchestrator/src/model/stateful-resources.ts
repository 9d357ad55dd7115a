/** Resources that hold data, names or addresses, or that other layers use: their loss is never a side effect. Pure. */

/** The types that the layers protect (`protectResources`): no environment loses one without consent, protected or not. */
export const STATEFUL_TYPES: readonly string[] = [
  "aws:rds/instance:Instance",
  "aws:elasticache/cluster:Cluster",
  "aws:elasticache/replicationGroup:ReplicationGroup",
  "aws:secretsmanager/secret:Secret",
  "aws:lb/loadBalancer:LoadBalancer",
  "aws:ec2/vpc:Vpc",
  "aws:ec2/subnet:Subnet",
  // Other layers' resources still use it when network is deployed, so that AWS refuses to delete it.
  "aws:ec2/securityGroup:SecurityGroup",
  "aws:ecr/repository:Repository",
];

/** A step of an update, done or planned. */
export interface Step {
  readonly urn: string;
  /** In the engine's words, such as `delete-replaced`. */
  readonly op: string;
}

/** Whether a resource is of one of these types. */
export function isStateful(urn: string): boolean {
  return STATEFUL_TYPES.includes(urn.split("::")[2]?.split("$").at(-1) ?? "");
}

/** Whether a step deletes such a resource, or puts another one in its place. */
export function isLoss({ urn, op }: Step): boolean {
  return isStateful(urn) && (op.startsWith("delete") || op === "create-replacement");
}

/** What would be lost, in the order of the plan, each resource once; without what is `allowed`, by URN. */
export function losses(steps: readonly Step[], allowed: readonly string[]): readonly Step[] {
  const all = steps.filter((step) => isLoss(step) && !allowed.includes(step.urn));
  return all.filter(({ urn }, index) => all.findIndex((other) => other.urn === urn) === index);
}

/** The refusal of a plan of `layer`, with the options that allow it. */
export function refusal(layer: string, steps: readonly Step[]): string {
  return [
    `${layer} was not deployed: that would delete or replace resources that hold data, names or addresses, or that other layers use.`,
    ...steps.map(({ urn, op }) => `  ${op === "delete" ? "delete" : "replace"} ${urn}`),
    "docs/configuration.md shows which setting does this. To allow it, first save a copy of the data, then add:",
    ...steps.map(({ urn }) => `  --allow-replace '${urn}'`),
  ].join("\n");
}
