/** Where a change of an environment's settings is prepared. */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { environmentFile } from "./environment-file.ts";

/** Folder of the lock and the transaction, beside the environment's file; ignored by git. */
export function changeFolder(root: string, stack: string): string {
  return join(dirname(environmentFile(root, stack)), `.configure-${stack}`);
}

export function transactionFolder(root: string, stack: string): string {
  return join(changeFolder(root, stack), "transaction");
}

/** File that lists the drafts of a transaction. Once it exists, the change counts as made. */
export function journalOf(transaction: string): string {
  return join(transaction, "journal.json");
}

/** Whether a command was killed after it changed some of the layers' files. */
export function isHalfWritten(root: string, stack: string): boolean {
  return existsSync(journalOf(transactionFolder(root, stack)));
}
