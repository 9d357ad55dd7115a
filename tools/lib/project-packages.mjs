/** The node_modules folders of a checkout. */
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { hashIngredients } from "./cache-folders.mjs";
import { withLock } from "./lock.mjs";
import { runLogged } from "./run-command.mjs";

const install = ["pnpm", "install", "--frozen-lockfile", "--prefer-offline", "--config.confirm-modules-purge=false"];

/**
 * Runs `pnpm install` when the lockfile or a manifest has changed since the last time, or a node_modules is missing.
 * Two at once on one checkout wait for each other.
 * @param {string} checkout absolute path
 * @param {Pick<import("./choose-tool.mjs").SetUpContext, "folders" | "env" | "progress">} context
 * @returns {Promise<boolean>} whether it ran
 */
export async function installPackages(checkout, { folders, env, progress }) {
  if (isCurrent(checkout)) return false;
  for (const folder of [folders.locks, folders.logs]) mkdirSync(folder, { recursive: true });
  const name = `packages-${hashIngredients({ files: [], text: checkout })}`;
  const log = join(folders.logs, `${name}.log`);
  const work = async () => {
    if (isCurrent(checkout)) return false;
    writeFileSync(log, "");
    await progress.during(`packages of ${checkout}`, `pnpm install (log: ${log})`, () =>
      runLogged(install, {
        step: "pnpm install",
        log,
        folder: checkout,
        env,
        fix: "when it speaks of the lockfile: run `pnpm install` and commit pnpm-lock.yaml; of ENOTDIR: remove node_modules; else the npm registry must be reachable",
      }),
    );
    writeFileSync(stampFile(checkout), stampOf(checkout));
    return true;
  };
  return withLock(join(folders.locks, name), work, {
    onWait: (owner) => progress.say(`packages of ${checkout}: waiting for ${owner}, which installs them`),
  });
}

/** @param {string} checkout @returns {boolean} */
function isCurrent(checkout) {
  const stamp = stampFile(checkout);
  const installed = packageFolders(checkout).filter(hasDependencies);
  return (
    installed.every((folder) => existsSync(join(folder, "node_modules"))) &&
    existsSync(stamp) &&
    readFileSync(stamp, "utf8") === stampOf(checkout)
  );
}

/** pnpm makes no node_modules for others. @param {string} folder @returns {boolean} */
function hasDependencies(folder) {
  const { dependencies = {}, devDependencies = {} } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  return Object.keys(dependencies).length + Object.keys(devDependencies).length > 0;
}

/** @param {string} checkout */
function stampFile(checkout) {
  return join(checkout, "node_modules/.installed-from");
}

/** @param {string} checkout @returns {string} of all that `pnpm install` goes by */
function stampOf(checkout) {
  const manifests = packageFolders(checkout).map((folder) => join(folder, "package.json"));
  const files = [join(checkout, "pnpm-lock.yaml"), join(checkout, "pnpm-workspace.yaml"), ...manifests];
  return hashIngredients({ files, text: checkout });
}

/**
 * @param {string} checkout
 * @returns {string[]} the checkout's own folder and that of each workspace package
 */
function packageFolders(checkout) {
  const workspace = readFileSync(join(checkout, "pnpm-workspace.yaml"), "utf8");
  const block = /^packages:\n((?: +- .*\n)+)/m.exec(workspace)?.[1] ?? "";
  const patterns = [...block.matchAll(/^ +- ["']?([^"'\s]+)/gm)].map((match) => match[1] ?? "");
  const folders = patterns.flatMap((pattern) => {
    if (!pattern.endsWith("/*")) return [join(checkout, pattern)];
    const parent = join(checkout, pattern.slice(0, -2));
    return existsSync(parent) ? readdirSync(parent).map((name) => join(parent, name)) : [];
  });
  return [checkout, ...folders.filter((folder) => existsSync(join(folder, "package.json")))];
}
