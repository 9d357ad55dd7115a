/**
 * Locks between set-ups on one cache. A lock is a folder that appears with its owner's description already in it: it is
 * made elsewhere and renamed into place, which fails when one is there.
 */
import { randomUUID } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** @typedef {{ pid: number, host: string, token: string }} Owner */
/** @typedef {{ pollMs: number, heartbeatMs: number, silentMs: number }} LockTimes */

/** A set-up that gave no sign for two minutes is taken for dead, whatever its process number says. @type {LockTimes} */
const defaultTimes = { pollMs: 300, heartbeatMs: 5_000, silentMs: 120_000 };

/**
 * Runs the work while holding the lock; waits for another set-up that holds it.
 * @template T
 * @param {string} lock path of the lock
 * @param {() => Promise<T>} work
 * @param {{ onWait: (owner: string) => void, times?: LockTimes }} options `onWait` is called once for each owner that
 *   must be waited for
 * @returns {Promise<T>}
 */
export async function withLock(lock, work, { onWait, times = defaultTimes }) {
  await acquire(lock, onWait, times);
  const ownerFile = join(lock, "owner.json");
  const heartbeat = setInterval(() => touch(ownerFile), times.heartbeatMs);
  heartbeat.unref();
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    rmSync(lock, { recursive: true, force: true });
  }
}

/** @param {string} lock @param {(owner: string) => void} onWait @param {LockTimes} times */
async function acquire(lock, onWait, times) {
  const owner = { pid: process.pid, host: hostname(), token: randomUUID() };
  let waitedFor = "";
  while (!tryToCreate(lock, owner)) {
    const holder = readOwner(lock);
    if (holder === undefined) {
      // It was just given back, or nobody knows whose it is: then it grows stale like any other.
      if (isSilent(lock, times.silentMs)) remove(lock, randomUUID());
    } else if (isDead(holder, lock, times.silentMs)) {
      remove(lock, holder.token);
      continue;
    } else if (waitedFor !== holder.token) {
      waitedFor = holder.token;
      onWait(`process ${holder.pid} on ${holder.host}`);
    }
    await sleep(times.pollMs);
  }
}

/** @param {string} lock @param {Owner} owner @returns {boolean} false when somebody else holds it */
function tryToCreate(lock, owner) {
  const prepared = `${lock}.${owner.token}`;
  mkdirSync(prepared, { recursive: true });
  writeFileSync(join(prepared, "owner.json"), JSON.stringify(owner));
  try {
    renameSync(prepared, lock);
    return true;
  } catch (error) {
    rmSync(prepared, { recursive: true, force: true });
    if (isCode(error, "ENOTEMPTY", "EEXIST")) return false;
    throw error;
  }
}

/**
 * Takes a dead owner's lock away. The new name holds the owner's token and stays until that is cleaned up: a second
 * set-up that also found the owner dead cannot move the lock of the first one to the same place.
 * @param {string} lock
 * @param {string} token of the dead owner
 */
function remove(lock, token) {
  try {
    renameSync(lock, join(dirname(lock), `stale-${token}`));
  } catch (error) {
    if (!isCode(error, "ENOENT", "ENOTEMPTY", "EEXIST")) throw error;
  }
}

/** @param {string} lock @returns {Owner | undefined} */
function readOwner(lock) {
  try {
    const owner = JSON.parse(readFileSync(join(lock, "owner.json"), "utf8"));
    const { pid, host, token } = owner;
    return Number.isInteger(pid) && typeof host === "string" && typeof token === "string"
      ? { pid, host, token }
      : undefined;
  } catch {
    return undefined;
  }
}

/** @param {Owner} owner @param {string} lock @param {number} silentMs */
function isDead(owner, lock, silentMs) {
  return (owner.host === hostname() && !isAlive(owner.pid)) || isSilent(join(lock, "owner.json"), silentMs);
}

/** @param {number} pid of this machine @returns {boolean} */
export function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return isCode(error, "EPERM"); // it lives, as another user
  }
}

/** @param {string} path @param {number} silentMs @returns {boolean} false when there is nothing */
function isSilent(path, silentMs) {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats !== undefined && Date.now() - stats.mtimeMs > silentMs;
}

/** @param {string} file */
function touch(file) {
  const now = new Date();
  try {
    utimesSync(file, now, now);
  } catch {
    // The cache was deleted under us; the work will say so.
  }
}

/** @param {unknown} error @param {readonly string[]} codes */
function isCode(error, ...codes) {
  return error instanceof Error && "code" in error && codes.includes(String(error.code));
}
