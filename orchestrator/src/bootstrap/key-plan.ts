/**
 * What the environment's key must be, and what to do about the one that was found. Pure.
 *
 * A key has no name of its own, only an alias that is given afterwards. One without it, which an interrupted set-up left,
 * is recognised by its description; otherwise each interruption would leave a key that costs money for ever.
 */
import type { EnvironmentNames } from "@proliferate-infra/backend/environment/names";
import { adoptUnless, type Plan } from "./plan.ts";

/** A key as it was found, as far as it matters. */
export interface KeyFacts {
  readonly kind: "key";
  readonly id: string;
  /** In KMS's words. */
  readonly state: string;
  /** It encrypts and decrypts with one and the same key. */
  readonly isSymmetric: boolean;
  /** The environment's alias names it. */
  readonly hasAlias: boolean;
  /** It is changed once a year. */
  readonly rotates: boolean;
}

/** The environment's key, or none. */
export type FoundKey = KeyFacts | { readonly kind: "absent" };

/** A safe change of a key. */
export type KeyRepair = "alias" | "rotation";

/** Description of the environment's key. */
export function keyDescription({ stack }: EnvironmentNames): string {
  return `Secrets in state and settings of the Pulumi stacks ${stack}`;
}

/** What to do about the environment's key. */
export function planKey(found: FoundKey): Plan<KeyRepair> {
  if (found.kind === "absent") {
    return { action: "create", repairs: ["alias", "rotation"] };
  }
  const differences = [
    found.state === "Enabled"
      ? []
      : [`is ${found.state}; enable it or cancel its deletion, or its secrets are lost: key ${found.id}`],
    found.isSymmetric ? [] : ["is not a symmetric key for encryption"],
  ];
  const repairs: readonly (readonly [KeyRepair, boolean])[] = [
    ["alias", found.hasAlias],
    ["rotation", found.rotates],
  ];
  return adoptUnless(
    differences.flat(),
    repairs.filter(([, isRight]) => !isRight).map(([fix]) => fix),
  );
}
