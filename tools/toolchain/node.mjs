/** Node.js, which runs the Pulumi programs and the rollout. */
import { realpathSync } from "node:fs";
import { findExecutable, versionOf } from "../lib/executables.mjs";
import { DownloadUnavailable } from "../lib/tool-fault.mjs";
import { fits, formatVersion, parseVersion } from "../lib/version-numbers.mjs";
import { installNpmPackage } from "../install-steps/npm-package.mjs";
import { downloadSite, installTarball } from "../install-steps/tarball.mjs";
import { acceptedOnPath, nodePackages, officialChecksums, versions } from "../versions.mjs";
import { requireVersion } from "./require-version.mjs";

const files = ["bin/node"];

/**
 * @param {import("../lib/platform.mjs").PlatformName} platform
 * @param {string} [sha256] of the official archive; a test has another one
 * @returns {import("../lib/choose-tool.mjs").Tool}
 */
export function nodeTool(platform, sha256 = officialChecksums.node[platform]) {
  const npmPackage = nodePackages[platform];
  return {
    name: "node",
    onPath: nodeOnPath,
    sources: [
      {
        kind: "official",
        source: {
          version: versions.node,
          from: "its official download",
          files,
          ingredients: { files: [], text: sha256 },
          install: (installation) => installOfficial(sha256, installation),
        },
      },
      {
        kind: "registry",
        source: {
          version: npmPackage.version,
          from: `npm package ${npmPackage.name}`,
          files,
          ingredients: { files: [], text: npmPackage.integrity },
          install: async (installation) => {
            await installNpmPackage(npmPackage, installation);
            await requireVersion("node", npmPackage.version, "bin/node", ["--version"], installation);
          },
        },
      },
    ],
  };
}

/** @param {import("../lib/choose-tool.mjs").SetUpContext} context */
async function nodeOnPath({ env, folders }) {
  const program = findExecutable("node", { path: env.PATH, except: folders.root });
  if (program === undefined) return undefined;
  // Mostly the very program that runs this: starting it once more would cost most of a warm set-up's time.
  const isThisOne = realpathSync(program) === process.execPath;
  const version = isThisOne ? parseVersion(process.version) : await versionOf(program, ["--version"], env);
  if (version === undefined || !fits(version, acceptedOnPath.node)) return undefined;
  return { program, version: formatVersion(version) };
}

/** @param {string} sha256 @param {import("../lib/choose-tool.mjs").Installation} installation */
async function installOfficial(sha256, installation) {
  const { env, platform } = installation.context;
  const site = downloadSite(env, "PROLIFERATE_INFRA_NODE_DOWNLOADS", "https://nodejs.org/dist");
  await installTarball(
    {
      url: `${site}/v${versions.node}/node-v${versions.node}-${platform}.tar.gz`,
      checksum: { sha256 },
      topFolder: true,
    },
    installation,
  );
  try {
    await requireVersion("node", versions.node, "bin/node", ["--version"], installation);
  } catch (error) {
    // The official build needs glibc: on other systems (Alpine) it does not start.
    throw new DownloadUnavailable(error instanceof Error ? error.message : String(error));
  }
}
