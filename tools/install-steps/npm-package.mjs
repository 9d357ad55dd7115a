/** A package of the npm registry, fetched by the npm client, so that its settings (registry, proxy) count. */
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { runLogged } from "../lib/run-command.mjs";
import { ToolFault } from "../lib/tool-fault.mjs";
import { unpack } from "./tarball.mjs";

/**
 * Unpacks one package, without its dependencies and scripts, into the installation's folder.
 * @param {import("../versions.mjs").NpmPackage} npmPackage
 * @param {import("../lib/choose-tool.mjs").Installation} installation
 * @returns {Promise<void>}
 */
export async function installNpmPackage({ name, version, integrity }, { context, folder, log }) {
  const packed = join(folder, ".packed");
  mkdirSync(packed);
  await runLogged(["npm", "pack", `${name}@${version}`, "--pack-destination", packed], {
    step: `fetching the npm package ${name}@${version}`,
    log,
    folder: packed,
    env: context.env,
    fix: "npm must be installed (it comes with Node.js) and its registry reachable: npm ping",
  });
  const [file] = readdirSync(packed).filter((entry) => entry.endsWith(".tgz"));
  if (file === undefined) throw new ToolFault(`npm pack ${name}@${version} wrote no file (log: ${log})`);
  const archive = join(packed, file);
  const actual = `sha512-${createHash("sha512").update(readFileSync(archive)).digest("base64")}`;
  if (actual !== integrity) {
    throw new ToolFault(`the npm package ${name}@${version} has the wrong checksum ${actual}, expected ${integrity}`, {
      fix: "find out which registry delivers it: npm config get registry",
    });
  }
  await unpack(archive, folder, { context, log });
  rmSync(packed, { recursive: true });
}
