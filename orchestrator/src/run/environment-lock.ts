/** The lock of an environment for the duration of a command, with what a dead holder has left removed. */
import type { Environment } from "@proliferate-infra/backend/environment/environment";
import { messageOf } from "@proliferate-infra/backend/errors";
import type { CommonOptions } from "../options.ts";
import type { RunFacts } from "../model/run-facts.ts";
import type { ObjectStore } from "@proliferate-infra/backend/storage/object-store";
import { say } from "../terminal/say.ts";
import type { Interruption } from "../terminal/signals.ts";
import { acquireLock, LockHeld } from "@proliferate-infra/backend/lock/acquire";
import { realTiming } from "@proliferate-infra/backend/lock/timing";
import type { Lease } from "@proliferate-infra/backend/lock/lease";
import { holderText } from "@proliferate-infra/backend/lock/record";
import { withLockStore } from "@proliferate-infra/backend/lock/open";
import { removeOrphanedLocks } from "@proliferate-infra/backend/lock/pulumi-locks";
import { retried } from "./retry.ts";

/** Time between two looks for engines of a dead run, in milliseconds. */
const POLL_MS = 1_000;

export interface LockOptions {
  readonly environment: Environment;
  readonly store: ObjectStore;
  readonly facts: RunFacts;
  readonly command: string;
  readonly options: Pick<CommonOptions, "lockTimeout">;
  readonly interruption: Interruption;
}

/**
 * Runs `work` while holding the lock.
 *
 * @throws LockHeld when another run holds it.
 */
export async function withEnvironmentLock<T>(
  { environment, store, facts, command, options, interruption }: LockOptions,
  work: (lease: Lease) => Promise<T>,
): Promise<T> {
  const { state, stack } = environment;
  return withLockStore(state, stack, async (lockStore) => {
    const { runId, by, commit, startedAt } = facts;
    const deadline = realTiming.now() + (options.lockTimeout ?? 0);
    const lease = await acquireLock({
      store: lockStore,
      stack,
      holder: {
        ...{ runId, ...by, commit, command },
        ...{ pid: process.pid, activeLayers: [], acquiredAt: startedAt.toISOString() },
      },
      waitMs: options.lockTimeout ?? 0,
      onWait: say,
      signal: interruption.requested,
      timing: realTiming,
    });
    try {
      await removeOrphanedEngineLocks(lease, { store, stack, deadline, signal: interruption.requested });
      return await work(lease);
    } finally {
      await lease.release().catch((error: unknown) => {
        // The results of the run are more important, and why AWS refuses is in them.
        say(`The lock could not be released, and ends by itself within a minute: ${messageOf(error)}`);
      });
    }
  });
}

interface Removal {
  readonly store: ObjectStore;
  readonly stack: string;
  /** Until when engines that still run are waited for, in milliseconds since 1970. */
  readonly deadline: number;
  /** Ends the wait. */
  readonly signal: AbortSignal;
}

/** Removes the locks as soon as all their engines have ended. Throws LockHeld at the deadline. */
async function removeOrphanedEngineLocks(lease: Lease, { store, stack, deadline, signal }: Removal): Promise<void> {
  if (lease.takenOver !== undefined) {
    say(`Took over the lock of ${holderText(lease.takenOver)}: it sent no heartbeat for a minute.`);
  }
  if (lease.orphaned.length === 0) {
    return;
  }
  const removed = await retried(() => removeOrphanedLocks(store, stack, lease.orphaned), {
    ...{ failure: LockHeld, everyMs: POLL_MS, deadline, signal, timing: realTiming },
    onWait: ({ message }) => {
      say(message);
    },
  });
  for (const key of removed) {
    say(`Removed the orphaned lock of a dead run's engine: ${key}`);
  }
  await lease.clearOrphaned();
}
