/** Where a change of an environment's settings is prepared, and whether one was cut off after it was decided. */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { environmentFile } from "./environment-file.ts";

/** Folder of the environment's lock and transaction; beside the environment's file, ignored by git like it. */
export function changeFolder(root: string, stack: string): string {
  return join(dirname(environmentFile(root, stack)), `.configure-${stack}`);
}

/** Folder of the transaction in it. */
export function transactionFolder(root: string, stack: string): string {
  return join(changeFolder(root, stack), "transaction");
}

/** File in a transaction's folder that lists its drafts; where it is, the change counts as made. */
export function journalOf(transaction: string): string {
  return join(transaction, "journal.json");
}

/** Whether the layers' files may be a mixture, because a command was killed between two of them. */
export function isHalfWritten(root: string, stack: string): boolean {
  return existsSync(journalOf(transactionFolder(root, stack)));
}
