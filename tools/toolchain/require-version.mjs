/** The last step of each installation: the program runs, and is what it should be. */
import { join } from "node:path";
import { versionOf } from "../lib/executables.mjs";
import { ToolFault } from "../lib/tool-fault.mjs";
import { formatVersion } from "../lib/version-numbers.mjs";

/**
 * @param {string} tool
 * @param {string} expected version
 * @param {string} program relative to the installation's folder
 * @param {readonly string[]} parameters that make it print its version
 * @param {import("../lib/choose-tool.mjs").Installation} installation
 * @returns {Promise<void>}
 */
export async function requireVersion(tool, expected, program, parameters, { context, folder }) {
  const version = await versionOf(join(folder, program), parameters, context.env);
  const actual = version === undefined ? "does not start or names no version" : `is ${formatVersion(version)}`;
  if (actual !== `is ${expected}`) {
    throw new ToolFault(`the ${tool} that was installed ${actual}, expected ${expected}`, {
      fix: `try it: ${[program, ...parameters].join(" ")}; it may be made for another system than this one`,
    });
  }
}
