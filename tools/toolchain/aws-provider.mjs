/** The Pulumi AWS provider: Pulumi's own, else the trimmed one of go/aws-provider. */
import { cpSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { trimTerraformProvider } from "../go/aws-provider/trim-terraform-provider.mjs";
import { goPlatform } from "../lib/platform.mjs";
import { buildFlags, buildGoProgram, runGo } from "../install-steps/go-build.mjs";
import { downloadSite, installTarball } from "../install-steps/tarball.mjs";
import { acceptedOnPath, locallyBuilt, versions } from "../versions.mjs";
import { runLogged } from "../lib/run-command.mjs";
import { fittingOnPath } from "./on-path.mjs";
import { requireVersion } from "./require-version.mjs";

const goModule = fileURLToPath(new URL("../go/aws-provider", import.meta.url));
const version = versions.awsProvider;
const program = "pulumi-resource-aws";
/** What a bridged provider built here reads when it starts. */
const schemaFiles = ["schema.json", "bridge-metadata.json"];

/** @returns {import("../lib/choose-tool.mjs").Tool} */
export function awsProviderTool() {
  return {
    name: "aws-provider",
    onPath: (context) => fittingOnPath(program, ["--version"], acceptedOnPath.awsProvider, context),
    sources: [
      {
        kind: "official",
        source: {
          version,
          from: "its official download",
          files: [program],
          ingredients: { files: [], text: "" },
          install: installOfficial,
        },
      },
      {
        kind: "registry",
        source: {
          version: locallyBuilt(version),
          from: "its Go modules, built here (a few minutes)",
          files: [program, ...schemaFiles],
          ingredients: { files: [goModule], text: buildFlags.join(" ") },
          install: build,
        },
      },
    ],
  };
}

/** @param {import("../lib/choose-tool.mjs").Installation} installation */
async function installOfficial(installation) {
  const { env, platform } = installation.context;
  const site = downloadSite(env, "PROLIFERATE_INFRA_PULUMI_DOWNLOADS", "https://get.pulumi.com");
  await installTarball(
    {
      url: `${site}/releases/plugins/${program}-v${version}-${goPlatform(platform)}.tar.gz`,
      // Its lines are SHA-1: the release's workflow in pulumi/pulumi-aws writes it with plain `shasum`.
      checksum: { list: `${site}/releases/plugins/pulumi-aws_${version}_checksums.txt` },
      topFolder: false,
    },
    installation,
  );
  await requireVersion("AWS provider", version, program, ["--version"], installation);
}

/** @param {import("../lib/choose-tool.mjs").Installation} installation */
async function build(installation) {
  const { context, folder, log } = installation;
  const module = join(folder, "source");
  cpSync(goModule, module, { recursive: true });
  await addTrimmedTerraformProvider(module, installation);
  const output = join(folder, program);
  await buildGoProgram(
    { tool: "AWS provider", module, packageName: ".", output, variables: { "main.version": locallyBuilt(version) } },
    installation,
  );
  await runLogged([output, "write-schema", folder], {
    step: "writing the AWS provider's schema",
    log,
    folder,
    env: context.env,
  });
  await requireVersion("AWS provider", version, program, ["--version"], installation);
  rmSync(module, { recursive: true });
}

/** @param {string} module @param {import("../lib/choose-tool.mjs").Installation} installation */
async function addTrimmedTerraformProvider(module, installation) {
  const source = join(module, "terraform-source");
  // go.sum pins the content, so the checksum database, which does not know every fork, is not asked.
  await runGo(["mod", "download"], installation, { tool: "AWS provider", module: source });
  const { context } = installation;
  const replacement = /=> (\S+) (v\S+)/.exec(readFileSync(join(source, "go.mod"), "utf8"));
  const { GOMODCACHE = "" } = context.goCaches.environment(context.env);
  const { terraformServices } = JSON.parse(readFileSync(join(module, "resource-table.json"), "utf8"));
  trimTerraformProvider({
    from: join(GOMODCACHE, `${replacement?.[1]}@${replacement?.[2]}`),
    to: join(module, "trimmed-terraform-provider"),
    services: terraformServices,
  });
}
