/**
 * What the table of the rollout's locks must be, and what to do about the one that was found. Pure.
 *
 * One item per environment. Items end by themselves after the time in `expires`, so that a lock whose holder has died is
 * not there for ever. Backups are left out: a lock is worth nothing an hour later.
 */
import { adoptUnless, type Plan } from "./plan.ts";

/** Name of the table's only key: text. */
export const LOCK_KEY = "LockID";
/** Attribute with the second since 1970 after which DynamoDB may remove an item. */
export const EXPIRY_ATTRIBUTE = "expires";

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
  /** Attribute by which items end; undefined when they do not. */
  readonly expiryAttribute: string | undefined;
}

/** What there is under the table's name. */
export type FoundTable = TableFacts | { readonly kind: "absent" };

/** A safe change of a table. */
export type TableRepair = "time-to-live" | "on-demand" | "deletion-protection" | "encryption";

/** Each change in words. */
export const tableRepairTexts: Readonly<Record<TableRepair, string>> = {
  "time-to-live": "let items end by their time",
  "on-demand": "bill on demand",
  "deletion-protection": "protect it from deletion",
  encryption: "encrypt with a KMS key",
};

const USABLE = ["ACTIVE", "CREATING", "UPDATING"];

/** What to do about the lock table. */
export function planLockTable(found: FoundTable): Plan<TableRepair> {
  return found.kind === "absent"
    ? { action: "create", repairs: ["time-to-live"] }
    : adoptUnless(differencesOf(found), repairsOf(found));
}

function differencesOf({ status, key, expiryAttribute }: TableFacts): string[] {
  const isForeignExpiry = expiryAttribute !== undefined && expiryAttribute !== EXPIRY_ATTRIBUTE;
  return [
    USABLE.includes(status) ? [] : [`is in the state ${status}`],
    key.length === 1 && key[0] === `${LOCK_KEY} S HASH`
      ? []
      : [`has the key ${key.join(", ")}, not ${LOCK_KEY} (text)`],
    isForeignExpiry ? [`lets items end by the attribute ${expiryAttribute}, not ${EXPIRY_ATTRIBUTE}`] : [],
  ].flat();
}

function repairsOf(found: TableFacts): readonly TableRepair[] {
  const repairs: readonly (readonly [TableRepair, boolean])[] = [
    ["time-to-live", found.expiryAttribute === EXPIRY_ATTRIBUTE],
    ["on-demand", found.isOnDemand],
    ["deletion-protection", found.isProtected],
    ["encryption", found.isEncryptedByKms],
  ];
  return repairs.filter(([, isRight]) => !isRight).map(([fix]) => fix);
}
