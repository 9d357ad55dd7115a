/** Installs into the cache so that a folder under its final name is always whole. */
import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { completionMarker, isComplete, missingFiles } from "./cache-folders.mjs";
import { removeLeftovers, workFolderName } from "./leftovers.mjs";
import { withLock } from "./lock.mjs";

/**
 * Makes the folder unless it is there; two set-ups at once make it once.
 * @param {ReturnType<typeof import("./cache-folders.mjs").cacheFolders>} folders of the cache
 * @param {{ key: string, files: readonly string[], make: (folder: string) => Promise<void>,
 *   onWait: (owner: string) => void }} options `key`: the folder's name; `files`: what it must hold when it is made;
 *   `make` fills an empty folder that gets its final name afterwards
 * @returns {Promise<string>} the folder
 */
export async function installOnce(folders, { key, files, make, onWait }) {
  const folder = join(folders.root, key);
  if (isComplete(folder, files)) return folder;
  for (const needed of [folders.building, folders.locks, folders.logs]) mkdirSync(needed, { recursive: true });
  const install = async () => {
    if (isComplete(folder, files)) return;
    removeLeftovers(folders);
    const work = join(folders.building, workFolderName(key));
    rmSync(work, { recursive: true, force: true });
    mkdirSync(work);
    try {
      await make(work);
      const missing = missingFiles(work, files);
      if (missing.length > 0) throw new Error(`${key}: installing it made no ${missing.join(", ")}`);
      writeFileSync(join(work, completionMarker), JSON.stringify({ key, made: new Date().toISOString() }));
      // A folder that is there but not whole was damaged from outside: only then is there something to replace.
      rmSync(folder, { recursive: true, force: true });
      renameSync(work, folder);
    } finally {
      rmSync(work, { recursive: true, force: true });
    }
  };
  await withLock(join(folders.locks, key), install, { onWait });
  return folder;
}
