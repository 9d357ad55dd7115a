/**
 * Pulumi's own locks, `.pulumi/locks/organization/<project>/<stack>/<id>.json` (pulumi/pulumi, pkg/backend/diy/lock.go). A killed
 * engine does not remove its lock. The run that takes over from a dead rollout removes the locks of that rollout's engines only.
 */
import { hasCode } from "../errors.ts";
import { hostname } from "node:os";
import { z } from "zod";
import { layerByName, layerNames, type LayerName } from "@proliferate-infra/shared/layers";
import type { ObjectStore } from "../storage/object-store.ts";
import { LockHeld } from "./acquire.ts";
import type { DeadEngine } from "./record.ts";

const lockFile = z.object({ pid: z.int(), username: z.string(), hostname: z.string() });

/** Who holds one of Pulumi's locks. */
export type PulumiLock = z.infer<typeof lockFile>;

/** Folder of the locks that Pulumi holds on a layer's stack. */
export function pulumiLocksOf(stack: string, layer: LayerName): string {
  return `.pulumi/locks/organization/${layerByName(layer).project}/${stack}/`;
}

/** Whether a lock is that of a dead rollout's engine: its process, its user, its host. Pure. */
export function isOrphaned(lock: PulumiLock, { pid, user, host }: DeadEngine): boolean {
  return lock.pid === pid && lock.username === user && lock.hostname === host;
}

/** Whether this machine has a process of that number. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return hasCode(error, "EPERM");
  }
}

/**
 * Removes the locks of dead rollouts' engines. Returns their keys.
 *
 * @throws LockHeld with all such engines that still run on this machine: they end by themselves, and then their locks are gone.
 */
export async function removeOrphanedLocks(
  store: ObjectStore,
  stack: string,
  dead: readonly DeadEngine[],
): Promise<readonly string[]> {
  const removed: string[] = [];
  const running: DeadEngine[] = [];
  if (dead.length === 0) {
    return removed;
  }
  for (const layer of layerNames) {
    for (const key of await store.list(pulumiLocksOf(stack, layer))) {
      const stored = await store.get(key);
      const lock = stored === undefined ? undefined : lockFile.safeParse(JSON.parse(stored.text)).data;
      const owner = lock && dead.find((engine) => isOrphaned(lock, engine));
      if (owner === undefined) {
        continue;
      }
      if (owner.host === hostname() && isAlive(owner.pid)) {
        running.push(owner);
      } else {
        await store.remove(key);
        removed.push(key);
      }
    }
  }
  if (running.length > 0) {
    throw new LockHeld(runningText(running));
  }
  return removed;
}

function runningText(engines: readonly DeadEngine[]): string {
  const pids = engines.map(({ pid }) => pid).join(" ");
  const runs = [...new Set(engines.map(({ runId }) => runId))].join(" and ");
  return [
    `Engines of the dead run ${runs} are still running: process ${pids}. They end by themselves.`,
    `Wait for them with --lock-timeout 10m, or end them: kill -INT ${pids}`,
  ].join("\n");
}
