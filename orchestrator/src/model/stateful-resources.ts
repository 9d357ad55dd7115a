/** Resources that hold data, names or addresses, or that other layers use. They are never deleted without an option. Pure. */
import { typeOf } from "./urn.ts";

/** The types that the layers protect (`protectResources`). This list also holds for environments without protection. */
export const STATEFUL_TYPES: readonly string[] = [
  "aws:rds/instance:Instance",
  "aws:elasticache/cluster:Cluster",
  "aws:elasticache/replicationGroup:ReplicationGroup",
  "aws:s3/bucket:Bucket",
  "aws:secretsmanager/secret:Secret",
  "aws:lb/loadBalancer:LoadBalancer",
  "aws:ec2/vpc:Vpc",
  // Other layers' resources still use it when network is deployed, so that AWS refuses to delete it.
  "aws:ec2/securityGroup:SecurityGroup",
  "aws:ecr/repository:Repository",
];

/** An operation on a resource, completed or planned. */
export interface Step {
  readonly urn: string;
  /** Pulumi's name of the operation, such as `delete-replaced`. */
  readonly op: string;
}

export function isStateful(urn: string): boolean {
  return STATEFUL_TYPES.includes(typeOf(urn));
}

/** Whether a step deletes or replaces a stateful resource. */
export function isLoss({ urn, op }: Step): boolean {
  return isStateful(urn) && (op.startsWith("delete") || op === "create-replacement");
}

/** Steps that delete or replace a stateful resource, each resource once; URNs in `allowed` are left out. */
export function losses(steps: readonly Step[], allowed: readonly string[]): readonly Step[] {
  const all = steps.filter((step) => isLoss(step) && !allowed.includes(step.urn));
  return all.filter(({ urn }, index) => all.findIndex((other) => other.urn === urn) === index);
}

/** The error message for such a plan, with the options that allow it. */
export function refusal(layer: string, steps: readonly Step[]): string {
  return [
    `${layer} was not deployed: that would delete or replace resources that hold data, names or addresses, or that other layers use.`,
    ...steps.map(({ urn, op }) => `  ${op === "delete" ? "delete" : "replace"} ${urn}`),
    "docs/configuration.md shows which setting does this. To allow it, first save a copy of the data, then add:",
    ...steps.map(({ urn }) => `  --allow-replace '${urn}'`),
  ].join("\n");
}
