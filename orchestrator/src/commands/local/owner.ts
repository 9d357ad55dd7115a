/**
 * Which local environment the settings in a checkout belong to. Two environments share a checkout that is used with two home
 * folders: with sudo, or in a container. The settings hold the secrets of one; a second one would replace them.
 */
import { rmSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { StepFailed } from "@proliferate-infra/backend/errors";
import { isRunning } from "./emulator.ts";
import type { LocalFolder } from "./folder.ts";
import { emulatorSchema, readJsonFile, writeJsonFile, type Emulator } from "./record.ts";

const ownerSchema = z.object({
  schemaVersion: z.literal(1),
  /** Host on which the emulator runs; a container has a name of its own. */
  host: z.string(),
  /** Folder of the local environment. */
  folder: z.string(),
  emulator: emulatorSchema,
});

/** The file that names the owner. It is in the checkout, which both environments share. */
export function ownerFile(checkout: string): string {
  return join(checkout, ".local-environment.json");
}

/**
 * Checks that the settings do not belong to another local environment that is running. Those of a stopped one are free:
 * its key was in the emulator's memory, so that nothing can decrypt its secrets any more.
 *
 * @throws StepFailed when another environment owns them, or may own them on a host whose processes are not visible here.
 */
export function checkOwner(checkout: string, folder: LocalFolder): void {
  const file = ownerFile(checkout);
  const owner = readJsonFile(file, ownerSchema);
  if (owner === undefined || owner.folder === folder.root) {
    return;
  }
  const { pid } = owner.emulator;
  if (owner.host !== hostname()) {
    throw new StepFailed(
      `The local settings of this checkout belong to the local environment in ${owner.folder} on the host ${owner.host} (process ${pid}).`,
      { fix: `run scripts/stop-local.sh there; if that host is gone, delete ${file}` },
    );
  }
  if (isRunning(owner.emulator)) {
    throw new StepFailed(
      `The local settings of this checkout belong to the local environment in ${owner.folder}, which is running (process ${pid}).`,
      { fix: "run scripts/stop-local.sh as its user, or use a checkout of your own" },
    );
  }
}

/** Records that the settings belong to this environment. */
export function claimSettings(checkout: string, folder: LocalFolder, emulator: Emulator): void {
  checkOwner(checkout, folder);
  // Other users read it too.
  writeJsonFile(
    ownerFile(checkout),
    { schemaVersion: 1, host: hostname(), folder: folder.root, emulator } satisfies z.infer<typeof ownerSchema>,
    0o644,
  );
}

/** Removes the record if it names this environment. */
export function releaseSettings(checkout: string, folder: LocalFolder): void {
  const file = ownerFile(checkout);
  if (readJsonFile(file, ownerSchema)?.folder === folder.root) {
    rmSync(file);
  }
}
