/** Operating system and processor in the spelling of each download site. */
import { ToolFault } from "./tool-fault.mjs";

/** @typedef {"linux-x64" | "linux-arm64" | "darwin-x64" | "darwin-arm64"} PlatformName Node.js and the Pulumi CLI spell it so */

const supported = /** @type {const} */ (["linux-x64", "linux-arm64", "darwin-x64", "darwin-arm64"]);

/**
 * @param {string} [operatingSystem] as in process.platform
 * @param {string} [processor] as in process.arch
 * @returns {PlatformName}
 */
export function platformName(operatingSystem = process.platform, processor = process.arch) {
  const name = `${operatingSystem}-${processor}`;
  const known = supported.find((candidate) => candidate === name);
  if (known === undefined) {
    throw new ToolFault(`the toolchain does not run on ${name}, only on ${supported.join(", ")}`, {
      fix: "use one of these, for example WSL 2 on Windows",
    });
  }
  return known;
}

/** @param {PlatformName} platform @returns {string} as Go and Pulumi's plugins spell it: "linux-amd64" */
export function goPlatform(platform) {
  return platform.replace("x64", "amd64");
}
