/**
 * Several files replaced together, as a redo log. `beginTransaction` writes drafts into a folder and then, by one rename, the
 * journal that lists them: from there on the change counts as made. `finishTransaction` renames each draft over its file. The
 * next command calls it too: after a kill it carries out what the journal lists, and throws drafts without a journal away.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import writeFileAtomic from "write-file-atomic";
import { z } from "zod";
import { digest } from "@proliferate-infra/backend/digest";
import { UserError } from "@proliferate-infra/backend/errors";
import { journalOf } from "@proliferate-infra/backend/environment/change-folder";

/** A file and its new text. */
export interface FileChange {
  /** Absolute path, on the file system of the transaction's folder. */
  readonly path: string;
  /** Text that the change was made from. */
  readonly before: string;
  readonly after: string;
}

export type Recovery = "nothing to do" | "undone" | "finished";

const journalSchema = z.array(z.object({ path: z.string(), draft: z.string(), before: z.string() }));

/** Flushed to the disk, so that drafts and journal are still there after a power cut. */
const OWNER_ONLY = { mode: 0o600 };

/**
 * Writes drafts and journal into `folder`.
 *
 * @throws UserError when a file no longer is what the change was made from.
 */
export function beginTransaction(folder: string, changes: readonly FileChange[]): void {
  const changed = changes.find(({ path, before }) => readFileSync(path, "utf8") !== before);
  if (changed !== undefined) {
    throw new UserError(`${changed.path} was changed by somebody else meanwhile. Run the command again.`);
  }
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const entries = changes.map(({ path, before, after }, index) => {
    const draft = `draft-${index}.yaml`;
    writeFileAtomic.sync(join(folder, draft), after, OWNER_ONLY);
    return { path, draft, before: digest(before) };
  });
  writeFileAtomic.sync(journalOf(folder), JSON.stringify(entries), OWNER_ONLY);
}

/**
 * Makes the changes in the folder's journal; without a journal, discards the drafts. Then removes the folder.
 *
 * @throws UserError when a file was edited after the kill, which finishing would overwrite.
 */
export function finishTransaction(folder: string): Recovery {
  const journal = journalOf(folder);
  if (!existsSync(journal)) {
    const recovery = existsSync(folder) ? "undone" : "nothing to do";
    rmSync(folder, { recursive: true, force: true });
    return recovery;
  }
  // Drafts that are missing were renamed before the kill.
  const open = journalSchema
    .parse(JSON.parse(readFileSync(journal, "utf8")))
    .filter(({ draft }) => existsSync(join(folder, draft)));
  const edited = open.find(({ path, before }) => !existsSync(path) || digest(readFileSync(path, "utf8")) !== before);
  if (edited !== undefined) {
    throw new UserError(
      [
        `An earlier command was killed while it wrote, and ${edited.path} was changed since.`,
        `To keep the files as they are: rm -r ${folder}`,
      ].join("\n"),
    );
  }
  for (const { path, draft } of open) {
    renameSync(join(folder, draft), path);
  }
  rmSync(folder, { recursive: true });
  return "finished";
}
