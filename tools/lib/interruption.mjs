/** A set-up that is ended from outside leaves nothing behind; one that is killed is cleaned up after by the next. */
import { readdirSync, rmSync } from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";
import { workFolderName } from "./leftovers.mjs";
import { endRunningCommands } from "./run-command.mjs";

/**
 * Ends the commands, removes the work folders and ends the process, on Ctrl-C and the like. Its locks stay: their owner
 * is then dead.
 * @param {ReturnType<typeof import("./cache-folders.mjs").cacheFolders>} folders
 */
export function cleanUpWhenEnded(folders) {
  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
    process.once(signal, () => {
      endRunningCommands();
      removeOwnWork(folders.building);
      process.stderr.write(`set-up ended by ${signal}; the next one goes on with what is finished\n`);
      process.exit(128 + constants.signals[signal]);
    });
  }
}

/** @param {string} building */
function removeOwnWork(building) {
  const own = workFolderName("");
  try {
    for (const name of readdirSync(building)) {
      if (name.endsWith(own)) rmSync(join(building, name), { recursive: true, force: true });
    }
  } catch {
    // A command that is still ending may write once more; the next set-up removes the rest.
  }
}
