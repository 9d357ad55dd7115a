/**
 * Pulumi's own locks, which it leaves behind when it is killed: `.pulumi/locks/organization/<project>/<stack>/<id>.json`
 * (pulumi/pulumi, pkg/backend/diy/lock.go). After a dead rollout's lock was taken over, that of its engine is removed, and
 * no other one.
 */
import { hostname } from "node:os";
import { z } from "zod";
import { layers } from "@proliferate-infra/shared/layers";
import type { ObjectStore } from "../object-store/object-store.ts";
import type { Holder } from "./lock-record.ts";

const lockFile = z.object({ pid: z.int(), username: z.string(), hostname: z.string() });

/** Who holds one of Pulumi's locks. */
export type PulumiLock = z.infer<typeof lockFile>;

/** Whether a lock is that of a dead rollout's engine: its process, its user, its host. Pure. */
export function isLeftBehind(lock: PulumiLock, dead: Holder): boolean {
  return lock.pid === dead.enginePid && lock.username === dead.user && lock.hostname === dead.host;
}

/** Whether a process of this machine lives. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/**
 * Removes what a dead rollout's engine has left. Answers the keys that were removed.
 *
 * @throws Error when that engine is still at work on this machine: it ends by itself, and then its lock is gone.
 */
export async function removeLeftLocks(store: ObjectStore, stack: string, dead: Holder): Promise<readonly string[]> {
  const removed: string[] = [];
  for (const { project } of layers) {
    for (const key of await store.list(`.pulumi/locks/organization/${project}/${stack}/`)) {
      const stored = await store.get(key);
      const lock = stored === undefined ? undefined : lockFile.safeParse(JSON.parse(stored.text)).data;
      if (lock === undefined || !isLeftBehind(lock, dead)) {
        continue;
      }
      if (dead.host === hostname() && isAlive(lock.pid)) {
        throw new Error(
          `The engine of the dead run ${dead.runId} is still at work (process ${lock.pid}). Wait until it has ended, or end it: kill -INT ${lock.pid}`,
        );
      }
      await store.remove(key);
      removed.push(key);
    }
  }
  return removed;
}
