/** Archives of the official download sites. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { checksumOf, downloadFile, fetchText } from "../lib/download.mjs";
import { runLogged } from "../lib/run-command.mjs";
import { DownloadUnavailable } from "../lib/tool-fault.mjs";

/**
 * Downloads, checks and unpacks an archive into the installation's folder.
 * @param {{ url: string, checksum: { sha256: string } | { list: string }, topFolder: boolean }} archive `list`: address
 *   of the site's own list of checksums, where none is pinned; `topFolder`: all content is in one folder
 * @param {import("../lib/choose-tool.mjs").Installation} installation
 * @returns {Promise<void>}
 * @throws {DownloadUnavailable} when the site has no such archive, or no checksum of it
 */
export async function installTarball({ url, checksum, topFolder }, { context, folder, log }) {
  const fileName = url.slice(url.lastIndexOf("/") + 1);
  const archive = join(folder, ".archive.tar.gz");
  const expected =
    "sha256" in checksum ? checksum.sha256 : checksumOf(await fetchText(checksum.list, context), fileName);
  await downloadFile(url, archive, { checksum: expected, context });
  await unpack(archive, folder, { context, log, topFolder });
  rmSync(archive);
}

/**
 * @param {string} archive
 * @param {string} folder
 * @param {{ context: import("../lib/choose-tool.mjs").SetUpContext, log: string, topFolder?: boolean }} options
 */
export async function unpack(archive, folder, { context, log, topFolder = true }) {
  const strip = topFolder ? ["--strip-components=1"] : [];
  await runLogged(["tar", "-xzf", archive, "-C", folder, ...strip], {
    step: `unpacking ${archive}`,
    log,
    folder,
    env: context.env,
  });
}

/**
 * The base address of a download site, which a mirror may replace.
 * @param {NodeJS.ProcessEnv} env
 * @param {string} variable
 * @param {string} site
 * @returns {string} without a slash at the end
 */
export function downloadSite(env, variable, site) {
  const mirror = env[variable];
  const base = mirror === undefined || mirror === "" ? site : mirror;
  if (!URL.canParse(base)) throw new DownloadUnavailable(`${variable} is not an address: "${base}"`);
  return base.replace(/\/+$/, "");
}
