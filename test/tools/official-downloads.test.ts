import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, realpathSync, utimesSync } from "node:fs";
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
const patient = { probeMs: 10_000, stallMs: 10_000 };

interface OfficialTool {
  /** `sha256`: what is pinned for the archive. */
  readonly tool: (sha256: string) => Tool;
  readonly path: string;
  /** The site's list of checksums, where nothing is pinned. Its lines are SHA-1. */
  readonly checksums?: string;
  /** Content of the archive: path, and what the script at it prints. */
  readonly scripts: Readonly<Record<string, string>>;
}

const nodeArchive = `node-v${versions.node}-${platform}`;
const official: Readonly<Record<string, OfficialTool>> = {
  node: {
    tool: (sha256) => nodeTool(platform, sha256),
    path: `/v${versions.node}/${nodeArchive}.tar.gz`,
    scripts: { [`${nodeArchive}/bin/node`]: `v${versions.node}` },
  },
  pulumi: {
    tool: (sha256) => pulumiTool(platform, sha256),
    path: `/releases/sdk/pulumi-v${versions.pulumi}-${platform}.tar.gz`,
    scripts: { "pulumi/pulumi": `v${versions.pulumi}`, "pulumi/pulumi-language-nodejs": "0" },
  },
  "aws-provider": {
    tool: () => awsProviderTool(),
    path: `/releases/plugins/pulumi-resource-aws-v${versions.awsProvider}-${goPlatform(platform)}.tar.gz`,
    checksums: `/releases/plugins/pulumi-aws_${versions.awsProvider}_checksums.txt`,
    scripts: { "pulumi-resource-aws": versions.awsProvider, LICENSE: "" },
  },
};

describe("official downloads", () => {
  let site: DownloadSite;
  let folder: ReturnType<typeof temporaryFolder>;
  let pinned: string;
  beforeEach(async () => {
    pinned = "0".repeat(64);
    site = await startDownloadSite();
    folder = temporaryFolder();
  });
  afterEach(async () => {
    await site.close();
    folder.remove();
  });

  /** A set-up that knows only this site; with a registry source that is a note, so that no test builds anything. */
  async function choose(one: OfficialTool, { limits = patient, asksAgain = false, variables = {} } = {}) {
    const tool = one.tool(pinned);
    const cache = join(folder.path, "cache");
    const env = {
      PROLIFERATE_INFRA_NODE_DOWNLOADS: site.address,
      PROLIFERATE_INFRA_PULUMI_DOWNLOADS: `${site.address}/`,
      ...variables,
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
    const chosen = await chooseTool({ ...tool, sources }, setUpContext(cache, { env, limits, asksAgain }));
    return { chosen, reason: reasons[0] };
  }

  /** Puts the tool on the site as it should be, and pins or lists its checksum, or that of `listed`. */
  function publish({ path, checksums, scripts }: OfficialTool, change: { version?: string; listed?: Buffer } = {}) {
    const entries = Object.entries(scripts).map(([file, text]) => [file, change.version ?? text] as const);
    const archive = archiveOfScripts(folder.path, Object.fromEntries(entries));
    site.answers.set(path, archive);
    const listed = change.listed ?? archive;
    pinned = createHash("sha256").update(listed).digest("hex");
    if (checksums !== undefined) {
      // `shasum ./*.tar.gz`, with which the provider's list is made, repeats the "./".
      site.answers.set(checksums, checksumLine(listed, `./${path.slice(path.lastIndexOf("/") + 1)}`, "sha1"));
    }
  }

  /** Takes the tool from the registry, then puts it on the site. */
  async function chooseWhileUnreachable(one: OfficialTool): Promise<void> {
    publish(one);
    const answers = [...site.answers];
    site.answers.clear();
    expect((await choose(one)).chosen.kind).to.equal("registry");
    for (const [path, answer] of answers) site.answers.set(path, answer);
  }

  for (const [name, one] of Object.entries(official)) {
    describe(`of ${name}`, () => {
      it("are used when the site is reachable, and cached", async () => {
        publish(one);
        const { chosen } = await choose(one);
        expect(chosen.kind).to.equal("official");
        const asked = site.requested.length;
        expect((await choose(one)).chosen).to.deep.equal(chosen);
        expect(site.requested).to.have.length(asked);
      });

      it("are replaced by the registry when the file does not exist", async () => {
        const { chosen, reason } = await choose(one);
        expect(chosen.kind).to.equal("registry");
        expect(reason).to.contain("HTTP status 404");
      });

      it("are replaced by the registry when the server does not respond in time", async () => {
        site.answers.set(one.checksums ?? one.path, hang);
        const began = Date.now();
        const { chosen } = await choose(one, { limits: { probeMs: 200, stallMs: 200 } });
        expect(chosen.kind).to.equal("registry");
        expect(Date.now() - began).to.be.below(5_000);
      });

      it("with a wrong program are not used", async () => {
        publish(one, { version: "v1.0.0" });
        const outcome = await choose(one).then(
          ({ chosen }) => chosen.kind,
          (error: unknown) => String(error),
        );
        if (name === "node") expect(outcome).to.equal("registry");
        else expect(outcome).to.match(/that was installed is 1\.0\.0, expected \d/);
      });

      it("with a wrong checksum are refused, and nothing else is tried", async () => {
        publish(one, { listed: Buffer.from("another archive") });
        const outcome = await choose(one).then(
          () => "taken",
          (error: unknown) => String(error),
        );
        expect(outcome).to.contain(`has the wrong ${one.checksums === undefined ? "SHA-256" : "SHA-1"} checksum`);
        expect(existsSync(join(folder.path, "cache/building"))).to.equal(true);
      });

      it("replace the registry's tool when they become available", async () => {
        await chooseWhileUnreachable(one);
        expect((await choose(one)).chosen.kind, "not asked again so soon").to.equal("registry");
        expect((await choose(one, { asksAgain: true })).chosen.kind).to.equal("official");
        expect((await choose(one)).chosen.kind).to.equal("official");
      });

      it("are tried again after a day", async () => {
        await chooseWhileUnreachable(one);
        for (const name of readdirSync(join(folder.path, "cache/logs"))) {
          utimesSync(join(folder.path, "cache/logs", name), 0, 0);
        }
        expect((await choose(one)).chosen.kind).to.equal("official");
      });
    });
  }

  it("without a pinned or published checksum are not used", async () => {
    const provider = official["aws-provider"];
    if (provider?.checksums === undefined) throw new Error("the site has a list for the provider");
    publish(provider);
    site.answers.delete(provider.checksums);
    const { chosen, reason } = await choose(provider);
    expect(chosen.kind).to.equal("registry");
    expect(reason).to.contain("HTTP status 404");
    expect(site.requested).not.to.contain(provider.path);
  });

  it("report an unreadable file of authorities", async () => {
    const { pulumi } = official;
    if (pulumi === undefined) throw new Error("pulumi is one of the tools");
    const variables = { AWS_CA_BUNDLE: join(folder.path, "missing.pem") };
    const outcome = await choose(pulumi, { variables }).catch(String);
    expect(outcome).to.contain("AWS_CA_BUNDLE names").and.to.contain("missing.pem");
  });

  it("of node are replaced by the registry when they do not start on this system", async () => {
    const { node } = official;
    if (node === undefined) throw new Error("node is one of the tools");
    publish(node, { version: "not a version" });
    expect((await choose(node)).reason).to.contain("does not start");
  });

  it("include the CLI's language host", async () => {
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
