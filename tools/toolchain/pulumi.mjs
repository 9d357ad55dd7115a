/** The Pulumi CLI. The official one brings its language hosts along; the one built from its Go module has none. */
import { cpSync, realpathSync, rmSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { findExecutable } from "../lib/executables.mjs";
import { buildFlags, buildGoProgram } from "../install-steps/go-build.mjs";
import { downloadSite, installTarball } from "../install-steps/tarball.mjs";
import { acceptedOnPath, locallyBuilt, officialChecksums, versions } from "../versions.mjs";
import { fittingOnPath } from "./on-path.mjs";
import { requireVersion } from "./require-version.mjs";

const goModule = fileURLToPath(new URL("../go/pulumi-cli", import.meta.url));
const version = versions.pulumi;

/**
 * @param {import("../lib/platform.mjs").PlatformName} platform
 * @param {string} [sha256] of the official archive; a test has another one
 * @returns {import("../lib/choose-tool.mjs").Tool}
 */
export function pulumiTool(platform, sha256 = officialChecksums.pulumi[platform]) {
  return {
    name: "pulumi",
    onPath: pulumiOnPath,
    sources: [
      {
        kind: "official",
        source: {
          version,
          from: "its official download",
          files: ["pulumi", "pulumi-language-nodejs"],
          ingredients: { files: [], text: sha256 },
          install: (installation) => installOfficial(sha256, installation),
        },
      },
      {
        kind: "registry",
        source: {
          version: locallyBuilt(version),
          from: "its Go module, built here (a few minutes)",
          files: ["pulumi"],
          ingredients: { files: [goModule], text: buildFlags.join(" ") },
          install: build,
        },
      },
    ],
  };
}

/** A CLI without the Node.js language host beside it or on PATH is not complete. @param {import("../lib/choose-tool.mjs").SetUpContext} context */
async function pulumiOnPath(context) {
  const found = await fittingOnPath("pulumi", ["version"], acceptedOnPath.pulumi, context);
  if (found === undefined) return undefined;
  const { env, folders } = context;
  const path = [dirname(realpathSync(found.program)), env.PATH].join(delimiter);
  return findExecutable("pulumi-language-nodejs", { path, except: folders.root }) === undefined ? undefined : found;
}

/** @param {string} sha256 @param {import("../lib/choose-tool.mjs").Installation} installation */
async function installOfficial(sha256, installation) {
  const { env, platform } = installation.context;
  const site = downloadSite(env, "PROLIFERATE_INFRA_PULUMI_DOWNLOADS", "https://get.pulumi.com");
  await installTarball(
    {
      url: `${site}/releases/sdk/pulumi-v${version}-${platform}.tar.gz`,
      checksum: { sha256 },
      topFolder: true,
    },
    installation,
  );
  await requireVersion("Pulumi CLI", version, "pulumi", ["version"], installation);
}

/** @param {import("../lib/choose-tool.mjs").Installation} installation */
async function build(installation) {
  const module = join(installation.folder, "source");
  cpSync(goModule, module, { recursive: true });
  await buildGoProgram(
    {
      tool: "Pulumi CLI",
      module,
      packageName: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
      output: join(installation.folder, "pulumi"),
      variables: { "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version": `v${locallyBuilt(version)}` },
    },
    installation,
  );
  await requireVersion("Pulumi CLI", version, "pulumi", ["version"], installation);
  rmSync(module, { recursive: true });
}
