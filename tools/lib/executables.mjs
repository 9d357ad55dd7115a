/** Programs that the machine already has. */
import { execFile } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, isAbsolute, join, relative } from "node:path";
import { parseVersion } from "./version-numbers.mjs";

const versionTimeoutMs = 10_000;

/**
 * @param {string} name
 * @param {{ path: string | undefined, except?: string }} options `path`: the variable PATH; `except`: a folder whose
 *   content does not count, because the set-up itself made it
 * @returns {string | undefined} absolute path of the first match
 */
export function findExecutable(name, { path, except }) {
  return (path ?? "")
    .split(delimiter)
    .filter((folder) => isAbsolute(folder) && (except === undefined || !isInside(folder, except)))
    .map((folder) => join(folder, name))
    .find(isExecutable);
}

/** @param {string} folder @param {string} parent @returns {boolean} true for the parent itself, too */
function isInside(folder, parent) {
  const path = relative(parent, folder);
  return path === "" || (!path.startsWith("..") && !isAbsolute(path));
}

/** @param {string} file @returns {boolean} */
function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/**
 * Runs a program to learn its version, outside of the checkout, whose settings may change what a program does.
 * @param {string} program
 * @param {readonly string[]} parameters
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<import("./version-numbers.mjs").Version | undefined>} undefined when it does not run or names none
 */
export function versionOf(program, parameters, env) {
  // pulumi looks for a newer release, corepack for a download: a version check must not wait for the network.
  const quiet = { ...env, PULUMI_SKIP_UPDATE_CHECK: "true", COREPACK_ENABLE_NETWORK: "0" };
  return new Promise((resolve) => {
    const options = { cwd: tmpdir(), env: quiet, timeout: versionTimeoutMs };
    execFile(program, parameters, options, (error, stdout) => {
      resolve(error === null ? parseVersion(stdout) : undefined);
    });
  });
}
