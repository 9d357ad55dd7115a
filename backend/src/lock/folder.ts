/**
 * The lock beside a state in a folder: one file for each revision, `.rollout/<stack>/lock/<revision>.json`. The highest revision
 * counts. Of several writers only one can create the next.
 */
import { join } from "node:path";
import { fileObjectStore } from "../storage/folder.ts";
import { parseLock, type LockStore } from "./store.ts";

/** The lock of an environment whose state is in `directory`. */
export function folderLockStore(directory: string, stack: string): LockStore {
  const objects = fileObjectStore(directory);
  const prefix = `.rollout/${stack}/lock/`;
  const keyOf = (revision: number) => `${prefix}${revision}.json`;
  const revisions = async () =>
    (await objects.list(prefix))
      .map((key) => /^(\d+)\.json$/.exec(key.slice(prefix.length))?.[1])
      .filter((revision) => revision !== undefined)
      .map(Number)
      .sort((one, other) => one - other);
  return {
    read: async () => {
      for (;;) {
        const revision = (await revisions()).at(-1);
        if (revision === undefined) {
          return undefined;
        }
        const stored = await objects.get(keyOf(revision));
        // Undefined when a later revision has replaced it in the meantime.
        if (stored !== undefined) {
          return parseLock(stored.text, join(directory, keyOf(revision)));
        }
      }
    },
    write: async (next) => {
      const created = await objects.putIf(keyOf(next.revision), JSON.stringify(next), undefined);
      const all = await revisions();
      // Another writer may have gone on from the same revision, further than one, and removed what lies between.
      if (created === undefined || all.at(-1) !== next.revision) {
        return false;
      }
      await Promise.all(all.filter((each) => each < next.revision).map((each) => objects.remove(keyOf(each))));
      return true;
    },
    close: () => {
      objects.close();
    },
  };
}
