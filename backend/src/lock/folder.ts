/**
 * The lock as files of a folder, one per revision: `.rollout/<stack>/lock/<revision>.json`. The highest one counts. A
 * revision is written by linking a finished file to its name, which only one of several writers can do.
 */
import { hasCode } from "../errors.ts";
import { randomUUID } from "node:crypto";
import { link, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseLock, type LockStore } from "./store.ts";

/** The lock of an environment whose state is in `directory`. */
export function fileLockStore(directory: string, stack: string): LockStore {
  const folder = join(directory, ".rollout", stack, "lock");
  const pathOf = (revision: number) => join(folder, `${revision}.json`);
  return {
    read: async () => {
      for (;;) {
        const revision = (await revisions(folder)).at(-1);
        if (revision === undefined) {
          return undefined;
        }
        const text = await textOf(pathOf(revision));
        // Undefined when a later revision has replaced it in the meantime.
        if (text !== undefined) {
          return parseLock(text, pathOf(revision));
        }
      }
    },
    write: async (next) => {
      await mkdir(folder, { recursive: true });
      const draft = join(folder, `${randomUUID()}.draft`);
      await writeFile(draft, JSON.stringify(next), { mode: 0o600 });
      const isFirst = await linkedFirst(draft, pathOf(next.revision));
      await rm(draft);
      const all = await revisions(folder);
      // Somebody may have gone on from the same revision, further than one, and removed what lies between.
      if (!isFirst || all.at(-1) !== next.revision) {
        return false;
      }
      await Promise.all(all.filter((each) => each < next.revision).map((each) => rm(pathOf(each), { force: true })));
      return true;
    },
    close: () => undefined,
  };
}

async function revisions(folder: string): Promise<number[]> {
  const names = await readdir(folder).catch(ignoring("ENOENT", []));
  return names
    .map((name) => /^(\d+)\.json$/.exec(name)?.[1])
    .filter((revision) => revision !== undefined)
    .map(Number)
    .sort((one, other) => one - other);
}

function textOf(path: string): Promise<string | undefined> {
  return readFile(path, "utf8").catch(ignoring("ENOENT", undefined));
}

async function linkedFirst(draft: string, path: string): Promise<boolean> {
  return link(draft, path)
    .then(() => true)
    .catch(ignoring("EEXIST", false));
}

function ignoring<T>(code: string, value: T): (error: unknown) => T {
  return (error) => {
    if (hasCode(error, code)) {
      return value;
    }
    throw error;
  };
}
