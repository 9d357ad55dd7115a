/**
 * What an environment's state needs in AWS: bucket, lock table and key. Read first, then planned, then carried out, so that
 * the plan can be shown before anything changes. Carried out in part, it is planned and completed by the next run.
 */
import { setTimeout } from "node:timers/promises";
import type { EnvironmentNames } from "@proliferate-infra/backend/environment/names";
import { UserError } from "@proliferate-infra/backend/errors";
import type { StateClients } from "../aws/state-clients.ts";
import { createBucket, repairBucket, readBucket } from "./bucket.ts";
import { planBucket, type BucketRepair, type FoundBucket } from "./bucket-plan.ts";
import { createKey, repairKey, readKey } from "./key.ts";
import { planKey, type FoundKey, type KeyRepair } from "./key-plan.ts";
import { createLockTable, repairLockTable, readLockTable } from "./lock-table.ts";
import { planLockTable, type FoundTable, type TableRepair } from "./lock-table-plan.ts";
import { isDone, type Plan } from "./plan.ts";

/** What is there. */
export interface FoundBackend {
  readonly bucket: FoundBucket;
  readonly lockTable: FoundTable;
  readonly key: FoundKey;
}

/** What to do about it. */
export interface BackendPlan {
  readonly bucket: Plan<BucketRepair>;
  readonly lockTable: Plan<TableRepair>;
  readonly key: Plan<KeyRepair>;
}

/** Reads what is there; changes nothing. */
export async function readStateBackend(clients: StateClients, names: EnvironmentNames): Promise<FoundBackend> {
  const [bucket, lockTable, key] = await Promise.all([
    readBucket(clients.s3, names),
    readLockTable(clients.dynamodb, names),
    readKey(clients.kms, names),
  ]);
  return { bucket, lockTable, key };
}

/** Plans what to do about what was found. Pure. */
export function planStateBackend(found: FoundBackend, names: EnvironmentNames): BackendPlan {
  return {
    bucket: planBucket(found.bucket, names),
    lockTable: planLockTable(found.lockTable),
    key: planKey(found.key),
  };
}

/** Sentences about what stands in the way; none when the plan can be carried out. */
function refusals(plan: BackendPlan, { state, keyAlias }: EnvironmentNames): readonly string[] {
  const of = (what: string, part: Plan<unknown>) =>
    part.action === "refuse" ? part.differences.map((difference) => `${what} ${difference}.`) : [];
  return [
    ...of(`The bucket ${state.bucket}`, plan.bucket),
    ...of(`The lock table ${state.lockTable}`, plan.lockTable),
    ...of(`The key ${keyAlias}`, plan.key),
  ];
}

/** Reads after which AWS, which may show a change late, must show what was made. */
const LOOKS = 15;
const PAUSE_MS = 2000;

/**
 * Carries a plan out, one call after the other, and looks whether all is then as wanted.
 *
 * @returns id of the key.
 * @throws UserError when the plan refuses something; then nothing was changed.
 */
export async function applyStateBackend(
  clients: StateClients,
  names: EnvironmentNames,
  found: FoundBackend,
  plan: BackendPlan,
): Promise<string> {
  const refused = refusals(plan, names);
  if (refused.length > 0) {
    throw new UserError(refused.join("\n"));
  }
  const keyId = await applyKey(clients, names, found.key, plan.key);
  await applyLockTable(clients, names, plan.lockTable);
  await applyBucket(clients, names, plan.bucket);
  if (!Object.values(plan).every(isDone)) {
    await untilDone(clients, names);
  }
  return keyId;
}

/**
 * Makes sure that bucket, lock table and key are there and right.
 *
 * @returns id of the key.
 * @throws UserError when something is there that must not be used; then nothing was changed.
 */
export async function ensureStateBackend(clients: StateClients, names: EnvironmentNames): Promise<string> {
  const found = await readStateBackend(clients, names);
  return applyStateBackend(clients, names, found, planStateBackend(found, names));
}

async function applyKey({ kms }: StateClients, names: EnvironmentNames, found: FoundKey, plan: Plan<KeyRepair>) {
  const id = found.kind === "absent" ? await createKey(kms, names) : found.id;
  for (const fix of repairsOf(plan)) {
    await repairKey(kms, names, id, fix);
  }
  return id;
}

async function applyLockTable({ dynamodb }: StateClients, names: EnvironmentNames, plan: Plan<TableRepair>) {
  if (plan.action === "create") {
    await createLockTable(dynamodb, names);
  }
  for (const fix of repairsOf(plan)) {
    await repairLockTable(dynamodb, names, fix);
  }
}

async function applyBucket({ s3 }: StateClients, names: EnvironmentNames, plan: Plan<BucketRepair>) {
  if (plan.action === "create") {
    await createBucket(s3, names);
  }
  for (const fix of repairsOf(plan)) {
    await repairBucket(s3, names, fix);
  }
}

function repairsOf<Repair>(plan: Plan<Repair>): readonly Repair[] {
  return plan.action === "refuse" ? [] : plan.repairs;
}

async function untilDone(clients: StateClients, names: EnvironmentNames): Promise<void> {
  for (let look = 1; look <= LOOKS; look++) {
    const plan = planStateBackend(await readStateBackend(clients, names), names);
    if (Object.values(plan).every(isDone)) {
      return;
    }
    await setTimeout(PAUSE_MS);
  }
  throw new UserError(
    `AWS does not show what was just made for ${names.stack} as it should be. Run the same command again.`,
  );
}
