/** What most tools do to find themselves on PATH. */
import { findExecutable, versionOf } from "../lib/executables.mjs";
import { fits, formatVersion } from "../lib/version-numbers.mjs";

/**
 * @param {string} name of the program
 * @param {readonly string[]} parameters that make it print its version
 * @param {import("../lib/version-numbers.mjs").VersionRange} accepted
 * @param {import("../lib/choose-tool.mjs").SetUpContext} context
 * @returns {Promise<{ version: string, program: string } | undefined>} undefined when there is none that fits
 */
export async function fittingOnPath(name, parameters, accepted, { env, folders }) {
  const program = findExecutable(name, { path: env.PATH, except: folders.root });
  const version = program === undefined ? undefined : await versionOf(program, parameters, env);
  if (program === undefined || version === undefined || !fits(version, accepted)) return undefined;
  return { program, version: formatVersion(version) };
}
