/**
 * A set-up of its own process. usage: node install-slowly.ts CACHE MILLISECONDS
 * Installs the tool "slow": notes in CACHE/started.txt that it began, works that long, then writes the program.
 */
import { appendFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { cacheFolders } from "@proliferate-infra/tools/lib/cache-folders.mjs";
import { installOnce } from "@proliferate-infra/tools/lib/install-once.mjs";
import { cleanUpWhenEnded } from "@proliferate-infra/tools/lib/interruption.mjs";

const [cache = "", milliseconds = "0"] = process.argv.slice(2);
const folders = cacheFolders(cache);
cleanUpWhenEnded(folders);
const folder = await installOnce(folders, {
  key: "slow-1.0.0",
  files: ["program"],
  onWait: (owner) => {
    console.log(`waiting for ${owner}`);
  },
  make: async (work) => {
    appendFileSync(join(cache, "started.txt"), `${String(process.pid)}\n`);
    writeFileSync(join(work, "half"), "not finished");
    console.log("installing");
    await sleep(Number(milliseconds));
    writeFileSync(join(work, "program"), "finished");
  },
});
console.log(`installed ${folder}`);
