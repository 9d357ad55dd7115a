/**
 * Physical names of resources: the environment's prefix first, never longer than AWS allows for the kind.
 * Limits: AWS documentation of each service's create call. A name that would be too long keeps its start and
 * gets a hash of the whole name, so that two long names never become one.
 */
import { createHash } from "node:crypto";

/** Longest name of each kind, in characters. Auto-named kinds leave room for the 8 characters that Pulumi adds. */
const limits = {
  /** Auto-named; AWS allows 32. */
  loadBalancer: 24,
  /** Auto-named; AWS allows 32. */
  targetGroup: 24,
  /** Auto-named; AWS allows 40 for replication groups, 50 for cache clusters. */
  redis: 32,
  /** Auto-named; AWS allows 63. */
  database: 55,
  /** Auto-named; AWS allows 255. */
  parameterGroup: 200,
  /** Auto-named; AWS allows 255. */
  subnetGroup: 200,
  /** Auto-named; AWS allows 64. */
  role: 56,
  bucket: 63,
  securityGroup: 255,
  cluster: 255,
  service: 255,
  taskFamily: 255,
  repository: 256,
  secret: 512,
  logGroup: 512,
  /** Value of a Name tag. */
  tag: 256,
} as const;

/** Kind of resource that a name is for. */
export type NamedKind = keyof typeof limits;

/** All kinds with the longest name that `physicalName` gives them, in characters. */
export const nameLimits: Readonly<Record<NamedKind, number>> = limits;

const HASH_LENGTH = 6;

/** Joins `parts` with hyphens, cut to the limit of `kind`. The first part is the environment's `resourcePrefix`. */
export function physicalName(kind: NamedKind, ...parts: readonly string[]): string {
  const name = parts.join("-");
  const limit = limits[kind];
  if (name.length <= limit) {
    return name;
  }
  const hash = createHash("sha256").update(name).digest("hex").slice(0, HASH_LENGTH);
  const start = name.slice(0, limit - HASH_LENGTH - 1).replace(/-+$/, "");
  return `${start}-${hash}`;
}
