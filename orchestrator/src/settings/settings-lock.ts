import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { changeFolder } from "@proliferate-infra/backend/environment/change-folder";
import { withFileLock } from "@proliferate-infra/backend/file-lock";

/** Runs `work` while no other command writes the settings of the environment in this checkout. */
export async function withSettingsLock<T>(
  root: string,
  stack: string,
  say: (line: string) => void,
  work: () => Promise<T>,
): Promise<T> {
  const folder = changeFolder(root, stack);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return withFileLock(join(folder, "lock"), work, () => {
    say(`Waiting for another command that changes the settings of ${stack}.`);
  });
}
