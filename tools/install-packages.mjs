/**
 * Installs the project's own packages (node_modules) as the lockfile says, unless that is done already.
 *
 * usage: node tools/install-packages.mjs   with pnpm of the toolchain on PATH
 */
import { fileURLToPath } from "node:url";
import { cacheFolders, cacheRoot } from "./lib/cache-folders.mjs";
import { createProgress } from "./lib/progress.mjs";
import { describeError } from "./lib/tool-fault.mjs";
import { cleanUpWhenEnded } from "./lib/interruption.mjs";
import { installPackages } from "./lib/project-packages.mjs";

try {
  const folders = cacheFolders(cacheRoot(process.env));
  cleanUpWhenEnded(folders);
  await installPackages(fileURLToPath(new URL("..", import.meta.url)), {
    folders,
    env: process.env,
    progress: createProgress(),
  });
} catch (error) {
  console.error(`installing the project's packages failed: ${describeError(error)}`);
  process.exitCode = 1;
}
