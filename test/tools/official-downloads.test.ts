import { execFileSync } from "node:child_process";
import { existsSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { makeBinFolder } from "@proliferate-infra/tools/lib/bin-folder.mjs";
import { chooseTool, type Tool } from "@proliferate-infra/tools/lib/choose-tool.mjs";
import { goPlatform, platformName } from "@proliferate-infra/tools/lib/platform.mjs";
import { awsProviderTool } from "@proliferate-infra/tools/toolchain/aws-provider.mjs";
import { commandsOfTools } from "@proliferate-infra/tools/toolchain/commands.mjs";
import { nodeTool } from "@proliferate-infra/tools/toolchain/node.mjs";
import { pulumiTool } from "@proliferate-infra/tools/toolchain/pulumi.mjs";
import { versions } from "@proliferate-infra/tools/versions.mjs";
import { archiveOfScripts, checksumLine, hang, startDownloadSite, type DownloadSite } from "./support/download-site.ts";
import { setUpContext, temporaryFolder } from "./support/set-up-context.ts";

const platform = platformName();

interface OfficialTool {
  readonly tool: Tool;
  readonly path: string;
  readonly checksums: string;
  /** How the site's list of checksums is written. */
  readonly algorithm?: "sha1";
  /** Content of the archive: path, and what the script at it prints. */
  readonly scripts: Readonly<Record<string, string>>;
}

const nodeArchive = `node-v${versions.node}-${platform}`;
const official: Readonly<Record<string, OfficialTool>> = {
  node: {
    tool: nodeTool(platform),
    path: `/v${versions.node}/${nodeArchive}.tar.gz`,
    checksums: `/v${versions.node}/SHASUMS256.txt`,
    scripts: { [`${nodeArchive}/bin/node`]: `v${versions.node}` },
  },
  pulumi: {
    tool: pulumiTool(),
    path: `/releases/sdk/pulumi-v${versions.pulumi}-${platform}.tar.gz`,
    checksums: `/releases/sdk/pulumi-${versions.pulumi}-checksums.txt`,
    scripts: { "pulumi/pulumi": `v${versions.pulumi}`, "pulumi/pulumi-language-nodejs": "0" },
  },
  "aws-provider": {
    tool: awsProviderTool(),
    path: `/releases/plugins/pulumi-resource-aws-v${versions.awsProvider}-${goPlatform(platform)}.tar.gz`,
    checksums: `/releases/plugins/pulumi-aws_${versions.awsProvider}_checksums.txt`,
    algorithm: "sha1",
    scripts: { "pulumi-resource-aws": versions.awsProvider, LICENSE: "" },
  },
};

describe("official downloads", () => {
  let site: DownloadSite;
  let folder: ReturnType<typeof temporaryFolder>;
  beforeEach(async () => {
    site = await startDownloadSite();
    folder = temporaryFolder();
  });
  afterEach(async () => {
    await site.close();
    folder.remove();
  });

  /** A set-up that knows only this site; with a registry source that is a note, so that no test builds anything. */
  async function choose({ tool }: OfficialTool, limits = { probeMs: 10_000, stallMs: 10_000 }) {
    const cache = join(folder.path, "cache");
    const env = {
      PROLIFERATE_INFRA_NODE_DOWNLOADS: site.address,
      PROLIFERATE_INFRA_PULUMI_DOWNLOADS: `${site.address}/`,
    };
    const reasons: (string | undefined)[] = [];
    const sources = tool.sources.map((entry) => {
      if (entry.kind === "official") return entry;
      const install = ({ whyNotOfficial }: { whyNotOfficial: string | undefined }) => {
        reasons.push(whyNotOfficial);
        return Promise.resolve();
      };
      return { ...entry, source: { ...entry.source, files: [], install } };
    });
    const chosen = await chooseTool({ ...tool, sources }, setUpContext(cache, { env, limits }));
    return { chosen, reason: reasons[0] };
  }

  /** Puts the tool on the site as it should be. */
  function publish(
    { path, checksums, algorithm, scripts }: OfficialTool,
    change: { version?: string; checksum?: string } = {},
  ) {
    const entries = Object.entries(scripts).map(([file, text]) => [file, change.version ?? text] as const);
    const archive = archiveOfScripts(folder.path, Object.fromEntries(entries));
    site.answers.set(path, archive);
    const name = path.slice(path.lastIndexOf("/") + 1);
    // `shasum ./*.tar.gz`, with which the provider's list is made, repeats the "./".
    const listed = algorithm === "sha1" ? `./${name}` : name;
    site.answers.set(checksums, change.checksum ?? checksumLine(archive, listed, algorithm));
  }

  for (const [name, one] of Object.entries(official)) {
    describe(`of ${name}`, () => {
      it("are taken when the site is reachable, and kept without asking it again", async () => {
        publish(one);
        const { chosen } = await choose(one);
        expect(chosen.kind).to.equal("official");
        const asked = site.requested.length;
        expect((await choose(one)).chosen).to.deep.equal(chosen);
        expect(site.requested).to.have.length(asked);
      });

      it("give way to the registry when the file is not there", async () => {
        const { chosen, reason } = await choose(one);
        expect(chosen.kind).to.equal("registry");
        expect(reason).to.contain("HTTP status 404");
      });

      it("give way to the registry when the server hangs, within the probe's limit", async () => {
        for (const path of [one.checksums, one.path]) site.answers.set(path, hang);
        const began = Date.now();
        const { chosen } = await choose(one, { probeMs: 200, stallMs: 200 });
        expect(chosen.kind).to.equal("registry");
        expect(Date.now() - began).to.be.below(5_000);
      });

      it("with another program in them than they should have are not taken", async () => {
        publish(one, { version: "v1.0.0" });
        const outcome = await choose(one).then(
          ({ chosen }) => chosen.kind,
          (error: unknown) => String(error),
        );
        if (name === "node") expect(outcome).to.equal("registry");
        else expect(outcome).to.match(/that was installed is 1\.0\.0, expected \d/);
      });

      it("with a wrong checksum are refused, and nothing else is tried", async () => {
        const name = one.path.slice(one.path.lastIndexOf("/") + 1);
        publish(one, { checksum: checksumLine(Buffer.from("another archive"), name, one.algorithm) });
        const outcome = await choose(one).then(
          () => "taken",
          (error: unknown) => String(error),
        );
        expect(outcome).to.contain(`has the wrong ${one.algorithm === "sha1" ? "SHA-1" : "SHA-256"} checksum`);
        expect(existsSync(join(folder.path, "cache/building"))).to.equal(true);
      });

      it("without a checksum on the site are not taken", async () => {
        publish(one);
        site.answers.delete(one.checksums);
        const { chosen, reason } = await choose(one);
        expect(chosen.kind).to.equal("registry");
        expect(reason).to.contain("HTTP status 404");
        expect(site.requested).not.to.contain(one.path);
      });
    });
  }

  it("of node that does not start on this system give way to the registry", async () => {
    const { node } = official;
    if (node === undefined) throw new Error("node is one of the tools");
    publish(node, { version: "not a version" });
    expect((await choose(node)).reason).to.contain("does not start");
  });

  it("bring the language host of the CLI along, found beside it", async () => {
    const { node, pulumi } = official;
    if (node === undefined || pulumi === undefined) throw new Error("node and pulumi are among the tools");
    publish(pulumi);
    const chosen = (await choose(pulumi)).chosen;
    publish(node);
    const tools = [(await choose(node)).chosen, chosen];
    const context = setUpContext(join(folder.path, "cache"));
    const { binFolder } = await makeBinFolder(tools, commandsOfTools(tools), context.folders);
    expect(execFileSync(join(binFolder, "pulumi"), { encoding: "utf8" })).to.equal(`v${versions.pulumi}\n`);
    expect(realpathSync(join(binFolder, "pulumi-language-nodejs"))).to.equal(
      join(realpathSync(chosen.location), "pulumi-language-nodejs"),
    );
  });
});
