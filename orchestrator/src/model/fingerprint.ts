/**
 * What a layer's last good deployment was made of, part by part. When nothing of it has changed, the engine would find
 * nothing to do. Pure.
 *
 * Files are compared as a whole, comments too: what a program registers cannot be told from its text.
 */
import { z } from "zod";

/** Schema of a fingerprint as the ledger keeps it. Every part is a hash. */
export const fingerprintSchema = z.strictObject({
  /** The layer's program, the shared code and the lockfile. */
  code: z.string(),
  /** The layer's Pulumi.<stack>.yaml. */
  settings: z.string(),
  /** Version of the Pulumi CLI; those of SDK and provider are in the lockfile. */
  tools: z.string(),
  /** Version of the layer's own state, which changes when anybody else deploys it. */
  state: z.string(),
  /** Outputs of other layers that it consumes, such as `network.vpcId`. A hash of a secret says nothing without its stack's key. */
  inputs: z.record(z.string(), z.string()),
});

/** What a deployment was made of. */
export type Fingerprint = z.infer<typeof fingerprintSchema>;

/** Parts that differ: `code`, `settings`, `tools`, `state`, and inputs by name, sorted; empty when all is as it was. */
export function differences(before: Fingerprint, now: Fingerprint): readonly string[] {
  const parts = (["code", "settings", "tools", "state"] as const).filter((part) => before[part] !== now[part]);
  const names = new Set([...Object.keys(before.inputs), ...Object.keys(now.inputs)]);
  return [...parts, ...[...names].filter((name) => before.inputs[name] !== now.inputs[name]).sort()];
}

/** Parts whose change means that the code or settings were never applied. */
const UNAPPLIED = new Set(["code", "settings", "tools"]);

/** Differences as the columns of a drift report: what was not applied, and inputs that have changed since. */
export function partitionDifferences(differing: readonly string[]): {
  readonly unapplied: readonly string[];
  readonly stale: readonly string[];
} {
  return {
    unapplied: differing.filter((part) => UNAPPLIED.has(part)),
    stale: differing.filter((part) => part.includes(".")),
  };
}
