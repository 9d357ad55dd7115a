/** `rollout unlock`: releases the lock of a dead run, and that of its engine. */
import { findEnvironment } from "@proliferate-infra/backend/environment/environment";
import { openLockStore } from "@proliferate-infra/backend/lock/open";
import { removeOrphanedLocks } from "@proliferate-infra/backend/lock/pulumi-locks";
import { unlock } from "../run/unlock.ts";
import { openObjectStore } from "@proliferate-infra/backend/storage/open";
import { repositoryRoot } from "@proliferate-infra/backend/root";
import { say } from "../terminal/say.ts";

/** Options of `unlock`. */
export interface UnlockOptions {
  readonly stack: string;
  /** Id of the run that holds the lock. */
  readonly run: string;
  readonly force?: boolean;
}

/** Releases the lock and says so. Returns the exit code. */
export async function unlockEnvironment({ stack, run, force }: UnlockOptions): Promise<number> {
  const { state } = findEnvironment(repositoryRoot, stack, process.env);
  const [lockStore, store] = await Promise.all([openLockStore(state, stack), openObjectStore(state)]);
  try {
    say(await unlock({ store: lockStore, runId: run, force: force === true, now: Date.now() }));
    const orphaned = (await lockStore.read())?.orphaned.filter(({ runId }) => runId === run) ?? [];
    for (const key of await removeOrphanedLocks(store, stack, orphaned)) {
      say(`Removed the lock that its engine left behind: ${key}`);
    }
    return 0;
  } finally {
    lockStore.close();
    store.close();
  }
}
