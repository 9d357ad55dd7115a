/**
 * What the table of the rollout's locks must be, and what to do about the one that was found. Pure.
 *
 * One item per environment. Items have no time to live, because a holder's number must never be given twice (decision 7).
 * Backups are left out: a lock is worth nothing an hour later.
 */
import { adoptUnless, type Plan } from "./plan.ts";

/** Name of the table's only key: text. */
export const LOCK_KEY = "LockID";

/** A table as it was found, as far as it matters. */
export interface TableFacts {
  readonly kind: "table";
  /** In DynamoDB's words. */
  readonly status: string;
  /** Attributes of the key in order, as `<name> <type> <HASH or RANGE>`. */
  readonly key: readonly string[];
  readonly isOnDemand: boolean;
  readonly isProtected: boolean;
  /** Encrypted with a key of KMS, whose uses are logged. */
  readonly isEncryptedByKms: boolean;
}

/** What there is under the table's name. */
export type FoundTable = TableFacts | { readonly kind: "absent" };

/** A safe change of a table. */
export type TableRepair = "on-demand" | "deletion-protection" | "encryption";

/** Each change in words. */
export const tableRepairTexts: Readonly<Record<TableRepair, string>> = {
  "on-demand": "bill on demand",
  "deletion-protection": "protect it from deletion",
  encryption: "encrypt with a KMS key",
};

const USABLE = ["ACTIVE", "CREATING", "UPDATING"];

/** What to do about the lock table. */
export function planLockTable(found: FoundTable): Plan<TableRepair> {
  return found.kind === "absent"
    ? { action: "create", repairs: [] }
    : adoptUnless(differencesOf(found), repairsOf(found));
}

function differencesOf({ status, key }: TableFacts): string[] {
  return [
    USABLE.includes(status) ? [] : [`is in the state ${status}`],
    key.length === 1 && key[0] === `${LOCK_KEY} S HASH`
      ? []
      : [`has the key ${key.join(", ")}, not ${LOCK_KEY} (text)`],
  ].flat();
}

function repairsOf(found: TableFacts): readonly TableRepair[] {
  const repairs: readonly (readonly [TableRepair, boolean])[] = [
    ["on-demand", found.isOnDemand],
    ["deletion-protection", found.isProtected],
    ["encryption", found.isEncryptedByKms],
  ];
  return repairs.filter(([, isRight]) => !isRight).map(([fix]) => fix);
}
