/** `rollout unlock`: releases the lock of a dead run, and that of its engine. */
import { findEnvironment } from "./environment/environment.ts";
import { openLockStore } from "./lock/lock-store.ts";
import { removeLeftLocks } from "./lock/pulumi-locks.ts";
import { unlock } from "./lock/unlock.ts";
import { openObjectStore } from "./object-store/object-store.ts";
import { repositoryRoot, say } from "./rollout-command.ts";

/** Options of `unlock`. */
export interface UnlockOptions {
  readonly stack: string;
  /** Id of the run that holds the lock. */
  readonly run: string;
  readonly force?: boolean;
}

/** Releases the lock and says so. Answers the exit code. */
export async function unlockEnvironment({ stack, run, force }: UnlockOptions): Promise<number> {
  const { state } = findEnvironment(repositoryRoot, stack, process.env);
  const [lockStore, store] = await Promise.all([openLockStore(state, stack), openObjectStore(state)]);
  try {
    say(await unlock({ store: lockStore, runId: run, force: force === true, now: Date.now() }));
    const leftBehind = (await lockStore.read())?.leftBehind.filter(({ runId }) => runId === run) ?? [];
    for (const key of await removeLeftLocks(store, stack, leftBehind)) {
      say(`Removed the lock that its engine left behind: ${key}`);
    }
    return 0;
  } finally {
    lockStore.close();
    store.close();
  }
}
