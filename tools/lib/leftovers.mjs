/** What set-ups that died left in the cache. */
import { readdirSync, rmSync, statSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { isAlive } from "./lock.mjs";

/** On another machine nobody can see whether the process lives; no set-up takes that long. */
const foreignLimitMs = 24 * 60 * 60 * 1000;

/** @param {string} purpose @returns {string} name of a folder in building/ that tells whose it is */
export function workFolderName(purpose) {
  return `${purpose}@${hostname()}@${process.pid}`;
}

/**
 * Removes the work folders of dead set-ups, and locks that nobody can still hold.
 * @param {ReturnType<typeof import("./cache-folders.mjs").cacheFolders>} folders
 */
export function removeLeftovers(folders) {
  for (const name of readdirSync(folders.building)) {
    if (isLeftover(name, join(folders.building, name))) {
      rmSync(join(folders.building, name), { recursive: true, force: true });
    }
  }
  for (const name of readdirSync(folders.locks)) {
    const path = join(folders.locks, name);
    if (isOld(path)) rmSync(path, { recursive: true, force: true });
  }
}

/** @param {string} name @param {string} path @returns {boolean} */
function isLeftover(name, path) {
  const [, host, pid] = name.split("@");
  return host === hostname() ? !isAlive(Number(pid)) : isOld(path);
}

/** @param {string} path @returns {boolean} */
function isOld(path) {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats !== undefined && Date.now() - stats.mtimeMs > foreignLimitMs;
}
