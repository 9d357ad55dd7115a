/** Holds an environment's lock while something works on it. */
import type { Environment } from "../environment/environment.ts";
import type { RunFacts } from "../ledger/run-facts.ts";
import type { ObjectStore } from "../object-store/object-store.ts";
import { say } from "../rollout-command.ts";
import type { Interruption } from "../signals.ts";
import { acquireLock, realTiming } from "./environment-lock.ts";
import type { Lease } from "./lease.ts";
import { holderText } from "./lock-record.ts";
import { openLockStore } from "./lock-store.ts";
import { parseLockTimeout } from "./lock-timeout.ts";
import { removeLeftLocks } from "./pulumi-locks.ts";

/** Who wants to hold which environment. */
export interface HoldOptions {
  readonly environment: Environment;
  readonly store: ObjectStore;
  readonly facts: RunFacts;
  readonly command: string;
  /** How long to wait for another holder, such as `10m`; not at all when undefined. */
  readonly timeout: string | undefined;
  readonly interruption: Interruption;
}

/**
 * Runs `work` while holding the lock.
 *
 * @throws LockHeld when another run holds it, and InvalidRequest when the timeout is none.
 */
export async function holdEnvironment<T>(options: HoldOptions, work: (lease: Lease) => Promise<T>): Promise<T> {
  const { environment, store, facts, command, timeout, interruption } = options;
  const { state, stack } = environment;
  const waitMs = parseLockTimeout(timeout ?? "0");
  const lockStore = await openLockStore(state, stack);
  try {
    const { runId, by, commit, startedAt } = facts;
    const lease = await acquireLock({
      store: lockStore,
      stack,
      holder: {
        ...{ runId, ...by, commit, command },
        ...{ pid: process.pid, atWork: [], acquiredAt: startedAt.toISOString() },
      },
      waitMs,
      onWait: say,
      signal: interruption.requested,
      timing: realTiming,
    });
    try {
      await cleanUp(lease, store, stack);
      return await work(lease);
    } finally {
      await lease.release();
    }
  } finally {
    lockStore.close();
  }
}

async function cleanUp(lease: Lease, store: ObjectStore, stack: string): Promise<void> {
  if (lease.takenOver !== undefined) {
    say(`Took over the lock of ${holderText(lease.takenOver)}: it gave no sign of life for a minute.`);
  }
  if (lease.leftBehind.length === 0) {
    return;
  }
  for (const key of await removeLeftLocks(store, stack, lease.leftBehind)) {
    say(`Removed the lock that a dead run's engine left behind: ${key}`);
  }
  await lease.cleaned();
}
