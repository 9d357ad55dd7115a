/** Where an environment's lock is stored: in its DynamoDB table, or beside its state in a folder. */
import { z } from "zod";
import { messageOf, UserError } from "../errors.ts";
import { lockRecordSchema, type LockRecord } from "./record.ts";

/** The lock of one environment. */
export interface LockStore {
  /** Undefined before its first holder. */
  read(): Promise<LockRecord | undefined>;
  /** Writes `next` when the stored revision is the one before it. Returns whether it was. */
  write(next: LockRecord): Promise<boolean>;
  close(): void;
}

/**
 * Reads a stored lock.
 *
 * @throws UserError when the text is not the record of a lock.
 */
export function parseLock(text: string, place: string): LockRecord {
  try {
    return lockRecordSchema.parse(JSON.parse(text));
  } catch (error) {
    const reason = error instanceof z.ZodError ? z.prettifyError(error) : messageOf(error);
    throw new UserError(
      `This version of rollout cannot read the lock ${place}. If no rollout runs, delete it.\n${reason}`,
    );
  }
}
