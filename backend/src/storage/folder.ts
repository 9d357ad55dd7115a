/**
 * Objects as files of a folder. The version is a hash of the text. A new object is made by a link to a finished file, which only one
 * of several writers can create. An existing object is compared and replaced under a lock.
 */
import { hasCode } from "../errors.ts";
import { createHash, randomUUID } from "node:crypto";
import { link, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { withFileLock } from "../file-lock.ts";
import type { ObjectStore, StoredText } from "./object-store.ts";

export function fileObjectStore(folder: string): ObjectStore {
  const get = (key: string) => readStored(join(folder, key));
  return {
    get,
    putIf: async (key, text, version) => {
      const path = join(folder, key);
      await mkdir(dirname(path), { recursive: true });
      const draft = `${path}.${randomUUID()}`;
      await writeFile(draft, text, { mode: 0o600 });
      const replace = async () => {
        const isSame = (await get(key))?.version === version;
        if (isSame) {
          await rename(draft, path);
        }
        return isSame;
      };
      const write = version === undefined ? create(draft, path) : withFileLock(`${path}.lock`, replace);
      const isWritten = await write.finally(() => rm(draft, { force: true }));
      return isWritten ? versionOf(text) : undefined;
    },
    remove: async (key) => {
      await rm(join(folder, key), { force: true });
    },
    list: async (prefix, after) => {
      const below = dirname(`${prefix}x`);
      const entries = await unless("ENOENT", readdir(join(folder, below), { recursive: true, withFileTypes: true }));
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
  const text = await unless("ENOENT", readFile(path, "utf8"));
  return text === undefined ? undefined : { text, version: versionOf(text) };
}

/** Links the file `draft` to `path`. Returns false when there is a file of that name. */
async function create(draft: string, path: string): Promise<boolean> {
  const linked = await unless(
    "EEXIST",
    link(draft, path).then(() => true),
  );
  await rm(draft);
  return linked ?? false;
}

/** Returns undefined when `work` fails with `code`. */
async function unless<T>(code: string, work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (hasCode(error, code)) {
      return undefined;
    }
    throw error;
  }
}
