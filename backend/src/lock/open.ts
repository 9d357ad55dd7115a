import type { StateLocation } from "../environment/state-url.ts";
import type { LockStore } from "./store.ts";

/** The lock of the environment `stack`. Its code is loaded here, so that other commands start without it. */
export async function openLockStore(location: StateLocation, stack: string): Promise<LockStore> {
  if (location.kind === "file") {
    const { folderLockStore } = await import("./folder.ts");
    return folderLockStore(location.directory, stack);
  }
  const { dynamoDbLockStore } = await import("./dynamodb.ts");
  return dynamoDbLockStore(location, stack);
}

/** Opens the lock for `work` and closes it afterwards. */
export async function withLockStore<T>(
  location: StateLocation,
  stack: string,
  work: (store: LockStore) => Promise<T>,
): Promise<T> {
  const store = await openLockStore(location, stack);
  try {
    return await work(store);
  } finally {
    store.close();
  }
}
