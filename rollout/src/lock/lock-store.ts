/** Where an environment's lock is kept: in its DynamoDB table, or beside its state in a folder. */
import type { StateLocation } from "../environment/state-url.ts";
import { InvalidRequest } from "../layer-results.ts";
import { lockRecordSchema, type LockRecord } from "./lock-record.ts";

/** One lock. */
export interface LockStore {
  /** Undefined before its first holder. */
  read(): Promise<LockRecord | undefined>;
  /** Writes `next` when the stored revision is the one before it. Answers whether it was. */
  write(next: LockRecord): Promise<boolean>;
  /** Lets go of connections. */
  close(): void;
}

/** The lock of the environment `stack`. Its code is loaded here, so that other commands start without it. */
export async function openLockStore(location: StateLocation, stack: string): Promise<LockStore> {
  if (location.kind === "file") {
    const { fileLockStore } = await import("./file-lock-store.ts");
    return fileLockStore(location.directory, stack);
  }
  const { dynamoDbLockStore } = await import("./dynamodb-lock-store.ts");
  return dynamoDbLockStore(location, stack);
}

/**
 * Reads a stored lock.
 *
 * @throws InvalidRequest when it is none.
 */
export function parseLock(text: string, place: string): LockRecord {
  try {
    return lockRecordSchema.parse(JSON.parse(text));
  } catch (error) {
    throw new InvalidRequest(
      `The lock ${place} is not as this version of rollout writes it: ${String(error)}. If no rollout runs, delete it.`,
    );
  }
}
