/**
 * Hashes of everything that a deployment of a layer depends on. When none has changed since the last successful deployment,
 * the engine would find nothing to do. Pure.
 *
 * Whole files of a program are hashed, with their comments: its text does not show which resources it registers.
 */
import { UNKNOWN_HASH } from "@proliferate-infra/backend/pulumi-files/output-hashes";
import { z } from "zod";

/** Schema of a fingerprint in the ledger. Every part is a hash. */
export const fingerprintSchema = z.strictObject({
  /** The layer's program, the shared code and the lockfile. */
  code: z.string(),
  /** The settings in the layer's Pulumi.<stack>.yaml, defaults among them, and the key of its secrets. */
  settings: z.string(),
  /** Version of the Pulumi CLI; those of SDK and provider are in the lockfile. */
  tools: z.string(),
  /** Version of the layer's own state, which changes when anybody else deploys it. */
  state: z.string(),
  /** Outputs of other layers that it consumes, such as `network.vpcId`. The hash of a secret is keyed with the stack's data key. */
  inputs: z.record(z.string(), z.string()),
});

export type Fingerprint = z.infer<typeof fingerprintSchema>;

/** Parts that differ: `code`, `settings`, `tools`, `state`, and inputs by name, sorted. Unknown inputs are left out. */
export function differences(before: Fingerprint, now: Fingerprint): readonly string[] {
  const parts = (["code", "settings", "tools", "state"] as const).filter((part) => before[part] !== now[part]);
  const changed = changedKeys(before.inputs, now.inputs).filter((key) => now.inputs[key] !== UNKNOWN_HASH);
  return [...parts, ...changed];
}

/** Keys whose values differ, sorted. */
export function changedKeys(
  before: Readonly<Record<string, string>>,
  now: Readonly<Record<string, string>>,
): readonly string[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(now)]);
  return [...keys].filter((key) => before[key] !== now[key]).sort();
}

/** Parts that differ when code or settings have not been deployed yet. */
const UNAPPLIED = new Set(["code", "settings", "tools"]);

/** Differences by the columns of `drift`: parts that have not been deployed yet, and inputs that have changed since. */
export function partitionDifferences(differing: readonly string[]): {
  readonly unapplied: readonly string[];
  readonly stale: readonly string[];
} {
  return {
    unapplied: differing.filter((part) => UNAPPLIED.has(part)),
    stale: differing.filter((part) => part.includes(".")),
  };
}
