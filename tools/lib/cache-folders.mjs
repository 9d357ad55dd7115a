/**
 * The machine's toolchain cache, outside of every checkout and shared by all:
 *   <tool>-<version>-<source>-<platform>-<hash>/   one installed tool, never changed afterwards
 *   bin-<hash>/         one toolchain: the folder that goes on PATH
 *   building/           work in progress; anything of a dead set-up is removed
 *   locks/  logs/
 */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { isAbsolute, join, relative } from "node:path";
import { ToolFault } from "./tool-fault.mjs";

/** Written last into an installed folder; names what it holds. */
export const completionMarker = ".complete.json";

/**
 * @param {NodeJS.ProcessEnv} env
 * @returns {string} absolute; PROLIFERATE_INFRA_CACHE, else below XDG_CACHE_HOME, else below ~/.cache
 */
export function cacheRoot(env) {
  const own = env.PROLIFERATE_INFRA_CACHE;
  if (own !== undefined && own !== "") {
    if (isAbsolute(own)) return own;
    throw new ToolFault(`PROLIFERATE_INFRA_CACHE must be an absolute path, but is "${own}"`);
  }
  const shared = env.XDG_CACHE_HOME;
  // The XDG specification: a relative path is to be ignored.
  const base = shared !== undefined && isAbsolute(shared) ? shared : join(env.HOME ?? homedir(), ".cache");
  return join(base, "proliferate-infra");
}

/** @param {string} root of the cache */
export function cacheFolders(root) {
  return {
    root,
    building: join(root, "building"),
    locks: join(root, "locks"),
    logs: join(root, "logs"),
  };
}

/**
 * What a tool is made of, so that a change of it makes another tool.
 * @typedef {{ files: readonly string[], text: string }} Ingredients `files`: files or folders with all below them;
 *   `text`: what is not in a file, such as build flags
 */

/**
 * @param {Ingredients} ingredients
 * @returns {string} 12 hexadecimal digits; where a file lies does not count, its name and content do
 */
export function hashIngredients({ files, text }) {
  const hash = createHash("sha256").update(`text ${text.length}\n${text}`);
  for (const file of files) {
    for (const path of statSync(file).isDirectory() ? filesBelow(file) : [file]) {
      const content = readFileSync(path);
      hash.update(`\nfile ${relative(join(file, ".."), path)} ${content.length}\n`).update(content);
    }
  }
  return hash.digest("hex").slice(0, 12);
}

/** @param {string} folder @returns {string[]} sorted */
function filesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .sort((left, right) => (left.name < right.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? filesBelow(path) : [path];
    });
}

/**
 * @param {{ tool: string, version: string, source: string, platform: string, ingredients: Ingredients }} parts
 * @returns {string} name of the tool's folder in the cache
 */
export function cacheKey({ tool, version, source, platform, ingredients }) {
  return `${tool}-${version}-${source}-${platform}-${hashIngredients(ingredients)}`;
}

/**
 * @param {string} folder
 * @param {readonly string[]} files relative paths that the folder must hold; a dangling link does not count
 * @returns {boolean} true when the folder was finished and is still usable
 */
export function isComplete(folder, files) {
  return missingFiles(folder, [completionMarker, ...files]).length === 0;
}

/** @param {string} folder @param {readonly string[]} files relative paths @returns {string[]} those that are not there */
export function missingFiles(folder, files) {
  return files.filter((file) => !existsSync(join(folder, file)));
}
