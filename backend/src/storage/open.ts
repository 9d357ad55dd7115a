import type { StateLocation } from "../environment/state-url.ts";
import type { ObjectStore } from "./object-store.ts";

/** Opens the store of a state. Loads its code, so that other commands start without it. */
export async function openObjectStore(location: StateLocation): Promise<ObjectStore> {
  if (location.kind === "file") {
    const { fileObjectStore } = await import("./folder.ts");
    return fileObjectStore(location.directory);
  }
  const { s3ObjectStore } = await import("./s3.ts");
  return s3ObjectStore(location);
}

/** Opens the store for `work` and closes it afterwards. */
export async function withObjectStore<T>(
  location: StateLocation,
  work: (store: ObjectStore) => Promise<T>,
): Promise<T> {
  const store = await openObjectStore(location);
  try {
    return await work(store);
  } finally {
    store.close();
  }
}
