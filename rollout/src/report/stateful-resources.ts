/** Resources that hold data, names or addresses: their loss is the first thing a reader must see. Pure. */
import type { RolloutReport } from "../rollout-report.ts";

const STATEFUL_TYPES = [
  "aws:rds/instance:Instance",
  "aws:elasticache/cluster:Cluster",
  "aws:elasticache/replicationGroup:ReplicationGroup",
  "aws:secretsmanager/secret:Secret",
  "aws:lb/loadBalancer:LoadBalancer",
  "aws:ec2/vpc:Vpc",
  "aws:ec2/subnet:Subnet",
  "aws:ecr/repository:Repository",
];

/** A resource of a report, with its layer. */
export interface ReportedResource {
  readonly layer: RolloutReport["layers"][number]["layer"];
  readonly urn: string;
  readonly op: string;
}

/** Stateful resources that were, or would be, deleted or replaced. */
export function statefulLosses({ layers }: RolloutReport): readonly ReportedResource[] {
  return layers.flatMap(({ layer, resources = [] }) =>
    resources.filter(isLoss).map(({ urn, op }) => ({ layer, urn, op })),
  );
}

function isLoss({ urn, op }: { readonly urn: string; readonly op: string }): boolean {
  const type = urn.split("::")[2]?.split("$").at(-1) ?? "";
  return STATEFUL_TYPES.includes(type) && (op.startsWith("delete") || op === "create-replacement");
}
