/** A lock between processes of one machine, as a folder beside what it protects. */
import { lock } from "proper-lockfile";
import { hasCode } from "./errors.ts";

/** A holder that has not renewed its lock for so long is dead, in milliseconds; it renews it four times as often. */
const STALE_MS = 10_000;
const RETRY = { forever: true, factor: 1, minTimeout: 50, maxTimeout: 50 } as const;

/** Runs `work` while holding the lock at `path`; `onWait` is called once when another process holds it. */
export async function withFileLock<T>(path: string, work: () => Promise<T>, onWait?: () => void): Promise<T> {
  // What it protects need not be there yet, so its path is not resolved.
  const options = { lockfilePath: path, realpath: false, stale: STALE_MS, update: STALE_MS / 4 };
  const release = await lock(path, options).catch((error: unknown) => {
    if (!hasCode(error, "ELOCKED")) {
      throw error;
    }
    onWait?.();
    return lock(path, { ...options, retries: RETRY });
  });
  try {
    return await work();
  } finally {
    await release();
  }
}
