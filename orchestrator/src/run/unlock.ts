/** Releasing a lock on request: only the one that was named, and a live one only by force. */
import { UserError } from "@proliferate-infra/backend/errors";
import { holderText, orphanedBy, obstacleOf } from "@proliferate-infra/backend/lock/record";
import type { LockStore } from "@proliferate-infra/backend/lock/store";

/** Which lock, and how. */
export interface UnlockRequest {
  readonly store: LockStore;
  /** Id of the run that holds it. */
  readonly runId: string;
  /** Also when the holder gives heartbeats. */
  readonly force: boolean;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/**
 * Releases the lock. Returns what was done, for people.
 *
 * @throws UserError when another run holds it, or the holder is alive and `force` is not given.
 */
export async function unlock({ store, runId, force, now }: UnlockRequest): Promise<string> {
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
      `${holderText(holder)} gave a heartbeat less than a minute ago. If it is dead all the same, add --force.`,
    );
  }
  const orphaned = [...orphanedBy(record)];
  if (!(await store.write({ ...record, revision: record.revision + 1, holder: null, orphaned }))) {
    throw new UserError("The lock has changed in the meantime; look at it again: rollout status.");
  }
  return `Released the lock of ${holderText(holder)}.`;
}
