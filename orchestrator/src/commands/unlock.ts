/** `rollout unlock`: releases the lock of a dead run, and that of its engine. */
import { ExitCode, UserError } from "@proliferate-infra/backend/errors";
import { findEnvironment } from "@proliferate-infra/backend/environment/environment";
import { LockHeld } from "@proliferate-infra/backend/lock/acquire";
import { withLockStore } from "@proliferate-infra/backend/lock/open";
import { removeOrphanedLocks } from "@proliferate-infra/backend/lock/pulumi-locks";
import { holderText, obstacleOf, orphanedBy } from "@proliferate-infra/backend/lock/record";
import type { LockStore } from "@proliferate-infra/backend/lock/store";
import { withObjectStore } from "@proliferate-infra/backend/storage/open";
import { repositoryRoot } from "@proliferate-infra/backend/root";
import { say } from "../terminal/say.ts";

export interface UnlockOptions {
  readonly stack: string;
  /** Id of the run that holds the lock. */
  readonly run: string;
  readonly force?: boolean;
}

/** Releases the lock, prints what was done. Returns the exit code. */
export async function unlock({ stack, run, force }: UnlockOptions): Promise<number> {
  const { state } = findEnvironment(repositoryRoot, stack, process.env);
  const orphaned = await withLockStore(state, stack, async (store) => {
    say(await releaseLock({ store, runId: run, force: force === true, now: Date.now() }));
    return (await store.read())?.orphaned.filter(({ runId }) => runId === run) ?? [];
  });
  try {
    for (const key of await withObjectStore(state, (store) => removeOrphanedLocks(store, stack, orphaned))) {
      say(`Removed the orphaned lock of its engine: ${key}`);
    }
  } catch (error) {
    if (!(error instanceof LockHeld)) {
      throw error;
    }
    // The environment's lock is free, which is what was asked for.
    say(error.message);
  }
  return ExitCode.done;
}

export interface LockRelease {
  readonly store: LockStore;
  /** Id of the run that holds it. */
  readonly runId: string;
  /** Also when the holder still sends heartbeats. */
  readonly force: boolean;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/**
 * Releases the lock. Returns what was done, for people.
 *
 * @throws UserError when another run holds it, or the holder is alive and `force` is not given.
 */
export async function releaseLock({ store, runId, force, now }: LockRelease): Promise<string> {
  const record = await store.read();
  const obstacle = obstacleOf(record, now);
  if (record === undefined || obstacle.kind === "none") {
    return "The lock is free; there is nothing to release.";
  }
  const { holder } = obstacle;
  if (holder.runId !== runId) {
    throw new UserError(`The run ${runId} does not hold the lock; ${holderText(holder)} does.`);
  }
  if (obstacle.kind === "held" && !force) {
    throw new UserError(
      `${holderText(holder)} sent a heartbeat less than a minute ago. If you are sure that it is dead, add --force.`,
    );
  }
  const orphaned = [...orphanedBy(record)];
  if (!(await store.write({ ...record, revision: record.revision + 1, holder: null, orphaned }))) {
    throw new UserError("The lock has changed in the meantime. See who holds it: rollout status");
  }
  return `Released the lock of ${holderText(holder)}.`;
}
