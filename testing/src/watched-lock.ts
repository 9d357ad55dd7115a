/** The lock of an engine test's environment, as its runs write it. */
import { setTimeout as sleep } from "node:timers/promises";
import { localEnvironment } from "@proliferate-infra/backend/environment/local-names";
import type { LockRecord } from "@proliferate-infra/backend/lock/record";
import { openLockStore } from "@proliferate-infra/backend/lock/open";
import type { LockStore } from "@proliferate-infra/backend/lock/store";
import type { EngineEnvironment } from "./engine-environment.ts";
import { withVariables } from "./process-variables.ts";

const WITHIN_MS = 60_000;
const EVERY_MS = 50;

/** Opens the lock's store; the caller closes it. */
export async function lockOf({ stack, env }: EngineEnvironment): Promise<LockStore> {
  const restore = withVariables(env);
  try {
    const lock = await openLockStore(localEnvironment.state, stack);
    // The client reads its settings when it is first used.
    await lock.read();
    return lock;
  } finally {
    restore();
  }
}

/** The lock's record, as soon as it is as wanted. */
export async function lockThat(lock: LockStore, isWanted: (record: LockRecord) => boolean): Promise<LockRecord> {
  for (const deadline = Date.now() + WITHIN_MS; Date.now() < deadline;) {
    const record = await lock.read();
    if (record !== undefined && isWanted(record)) {
      return record;
    }
    await sleep(EVERY_MS);
  }
  throw new Error("The lock did not come to be as wanted within a minute.");
}
