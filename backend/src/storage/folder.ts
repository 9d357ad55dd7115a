/**
 * Objects as files of a folder. A version is the hash of the text; a condition is checked and the file replaced while a
 * lock file of the same name is held, so that of two writers one is refused.
 */
import { hasCode } from "../errors.ts";
import { createHash, randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { withFileLock } from "../file-lock.ts";
import type { ObjectStore, StoredText } from "./object-store.ts";

/** The store in `folder`. */
export function fileObjectStore(folder: string): ObjectStore {
  const get = (key: string) => readStored(join(folder, key));
  return {
    get,
    putIf: async (key, text, version) => {
      const path = join(folder, key);
      await mkdir(dirname(path), { recursive: true });
      return withFileLock(`${path}.lock`, async () => {
        if ((await get(key))?.version !== version) {
          return undefined;
        }
        const draft = `${path}.${randomUUID()}`;
        await writeFile(draft, text, { mode: 0o600 });
        await rename(draft, path);
        return versionOf(text);
      });
    },
    remove: async (key) => {
      await rm(join(folder, key), { force: true });
    },
    list: async (prefix, after) => {
      const below = dirname(`${prefix}x`);
      const entries = await orNone(readdir(join(folder, below), { recursive: true, withFileTypes: true }));
      const keys = (entries ?? [])
        .filter((entry) => entry.isFile())
        .map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1))
        .filter((key) => key.startsWith(prefix) && (after === undefined || key > after));
      return keys.sort();
    },
    close: () => undefined,
  };
}

function versionOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

async function readStored(path: string): Promise<StoredText | undefined> {
  const text = await orNone(readFile(path, "utf8"));
  return text === undefined ? undefined : { text, version: versionOf(text) };
}

async function orNone<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (hasCode(error, "ENOENT")) {
      return undefined;
    }
    throw error;
  }
}
