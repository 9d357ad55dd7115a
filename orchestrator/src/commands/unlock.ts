/** `rollout unlock`: releases the lock of a dead run, and that of its engine. */
import { ExitCode } from "@proliferate-infra/backend/errors";
import { findEnvironment } from "@proliferate-infra/backend/environment/environment";
import { withLockStore } from "@proliferate-infra/backend/lock/open";
import { removeOrphanedLocks } from "@proliferate-infra/backend/lock/pulumi-locks";
import { unlock } from "../run/unlock.ts";
import { withObjectStore } from "@proliferate-infra/backend/storage/open";
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
  const orphaned = await withLockStore(state, stack, async (store) => {
    say(await unlock({ store, runId: run, force: force === true, now: Date.now() }));
    return (await store.read())?.orphaned.filter(({ runId }) => runId === run) ?? [];
  });
  for (const key of await withObjectStore(state, (store) => removeOrphanedLocks(store, stack, orphaned))) {
    say(`Removed the orphaned lock of its engine: ${key}`);
  }
  return ExitCode.done;
}
