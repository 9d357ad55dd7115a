/**
 * Makes the toolchain ready in the machine's cache; see README.md.
 *
 * usage: node tools/set-up.mjs                what the toolchain consists of, one tool a line; tries official downloads
 *                                             again that could not be reached
 *        node tools/set-up.mjs --print-path   only the folder to put first on PATH
 */
import { cacheFolders, cacheRoot } from "./lib/cache-folders.mjs";
import { downloadLimits } from "./lib/download.mjs";
import { GoCaches } from "./lib/go-caches.mjs";
import { platformName } from "./lib/platform.mjs";
import { createProgress } from "./lib/progress.mjs";
import { describeError, ToolFault } from "./lib/tool-fault.mjs";
import { cleanUpWhenEnded } from "./lib/interruption.mjs";
import { setUpToolchain } from "./toolchain/set-up-toolchain.mjs";

try {
  const onlyPath = readArguments(process.argv.slice(2));
  const folders = cacheFolders(cacheRoot(process.env));
  cleanUpWhenEnded(folders);
  const toolchain = await setUpToolchain({
    env: process.env,
    platform: platformName(),
    folders,
    progress: createProgress(),
    limits: downloadLimits,
    goCaches: new GoCaches(folders),
    asksAgain: !onlyPath,
  });
  console.log(onlyPath ? toolchain.binFolder : describe(toolchain));
} catch (error) {
  console.error(`set-up failed: ${describeError(error)}`);
  process.exitCode = 1;
}

/** @param {readonly string[]} given @returns {boolean} whether only the path is wanted */
function readArguments(given) {
  const unknown = given.filter((argument) => argument !== "--print-path");
  if (unknown.length > 0) throw new ToolFault(`unknown argument ${unknown.join(" ")}; allowed is --print-path`);
  return given.length > 0;
}

/** @param {import("./lib/bin-folder.mjs").Toolchain} toolchain */
function describe({ binFolder, tools }) {
  const lines = tools.map(
    ({ name, version, kind, location }) => `${name.padEnd(24)}${version.padEnd(10)}${kind.padEnd(10)}${location}`,
  );
  return [...lines, `PATH entry: ${binFolder}`].join("\n");
}
