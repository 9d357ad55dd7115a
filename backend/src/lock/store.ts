/** Where an environment's lock is kept: in its DynamoDB table, or beside its state in a folder. */
import { UserError } from "../errors.ts";
import { lockRecordSchema, type LockRecord } from "./record.ts";

/** One lock. */
export interface LockStore {
  /** Undefined before its first holder. */
  read(): Promise<LockRecord | undefined>;
  /** Writes `next` when the stored revision is the one before it. Returns whether it was. */
  write(next: LockRecord): Promise<boolean>;
  /** Lets go of connections. */
  close(): void;
}

/**
 * Reads a stored lock.
 *
 * @throws UserError when it is none.
 */
export function parseLock(text: string, place: string): LockRecord {
  try {
    return lockRecordSchema.parse(JSON.parse(text));
  } catch (error) {
    throw new UserError(
      `The lock ${place} is not as this version of rollout writes it: ${String(error)}. If no rollout runs, delete it.`,
    );
  }
}
