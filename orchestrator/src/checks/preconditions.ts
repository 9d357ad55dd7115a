/** Contracts with deployed layers, and operations that were cut off: what a run would find under the lock. */
import type { LayerName } from "@proliferate-infra/shared/layers";
import type { Environment } from "@proliferate-infra/backend/environment/environment";
import { readPreconditions, type Preconditions } from "../safety/preconditions.ts";
import { holderText, obstacleOf } from "@proliferate-infra/backend/lock/record";
import { withLockStore } from "@proliferate-infra/backend/lock/open";
import { withObjectStore } from "@proliferate-infra/backend/storage/open";
import { report, type CheckReport } from "./finding.ts";

/** What was found. */
export interface FoundPreconditions {
  readonly ground: Preconditions;
  /** Who works on the environment now, in words; undefined when nobody does, or that cannot be seen. */
  readonly holder: string | undefined;
}

/** What is wrong. Pure. While somebody works on the environment, operations are open and updates unfinished: no fault. */
export function judgePreconditions({ ground, holder }: FoundPreconditions): readonly CheckReport[] {
  const { contracts, states, risks, deprecated } = ground;
  const held = {
    message: `The environment is held by ${holder}; how its layers stand can be said when that run has ended.`,
    fix: "Wait for it, and run rollout doctor again.",
  };
  return [
    report("contracts", contracts, deprecated),
    holder === undefined ? report("operations", [...states, ...risks]) : report("operations", [], [held]),
  ];
}

/** Reads states, histories, the ledger and the lock. */
export async function findPreconditions(
  environment: Environment,
  order: readonly LayerName[],
): Promise<FoundPreconditions> {
  const { state, stack } = environment;
  const [ground, holder] = await Promise.all([
    withObjectStore(state, (store) => readPreconditions(store, stack, order)),
    readHolder(environment),
  ]);
  return { ground, holder };
}

async function readHolder({ state, stack }: Environment): Promise<string | undefined> {
  // A lock that cannot be read has its own check.
  const record = await withLockStore(state, stack, (store) => store.read()).catch(() => undefined);
  const obstacle = obstacleOf(record, Date.now());
  return obstacle.kind === "held" ? holderText(obstacle.holder) : undefined;
}
