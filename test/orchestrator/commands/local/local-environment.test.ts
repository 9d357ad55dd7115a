import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect } from "chai";
import { clearLockedPorts } from "get-port";
import { runPulumi } from "@proliferate-infra/orchestrator/pulumi/command";
import { parse } from "yaml";
import { layers } from "@proliferate-infra/shared/layers";
import { endpointOf } from "@proliferate-infra/orchestrator/commands/local/emulator";
import { readRecord } from "@proliferate-infra/orchestrator/commands/local/record";
import { bringDown, bringUp, type LocalContext } from "@proliferate-infra/orchestrator/commands/local/environment";
import { repositoryRoot } from "@proliferate-infra/backend/root";
import { folderAt } from "@proliferate-infra/orchestrator/commands/local/folder";
import { localVariables } from "@proliferate-infra/orchestrator/commands/local/variables";
import { changedEnvironment } from "@proliferate-infra/orchestrator/terminal/shell-exports";

interface StackFile {
  readonly encryptedkey?: string;
  readonly config: Readonly<Record<string, unknown>>;
}

describe("the local environment", function () {
  // Some thirty runs of pulumi, most of them side by side.
  this.timeout(120_000);

  let root: string;
  let messages: string[];
  let context: LocalContext;
  before(() => {
    root = mkdtempSync(join(tmpdir(), "local-environment-"));
    context = {
      checkout: join(root, "checkout"),
      folder: folderAt(join(root, "environment")),
      env: process.env,
      say: (line) => messages.push(line),
    };
    for (const { directory } of layers) {
      const project = join(directory, "Pulumi.yaml");
      mkdirSync(dirname(join(context.checkout, project)), { recursive: true });
      cpSync(join(repositoryRoot, project), join(context.checkout, project));
    }
    writeFileSync(pathOf("data", "prod"), "encryptionsalt: somebody's\n");
  });
  beforeEach(() => {
    messages = [];
  });
  after(async () => {
    await bringDown(context);
    rmSync(root, { recursive: true });
  });

  const pathOf = (layer: string, stack: string) => join(context.checkout, "stacks", layer, `Pulumi.${stack}.yaml`);
  const textOf = (layer: string) => readFileSync(pathOf(layer, "local"), "utf8");
  const allTexts = () => layers.map(({ name }) => textOf(name));
  const fileOf = (layer: string) => parse(textOf(layer)) as StackFile;

  async function pulumi(...args: string[]): Promise<string> {
    const record = readRecord(context.folder);
    const endpoint = endpointOf({ port: record?.port ?? 0 });
    const env = changedEnvironment(process.env, localVariables(endpoint, context.folder, process.env));
    return runPulumi(args, { cwd: context.checkout, env });
  }

  it("has one emulator with four stacks, even when it is started twice at the same time", async () => {
    const [first, second] = await Promise.all([bringUp(context), bringUp(context)]);
    expect(second).to.deep.equal(first);
    expect(messages.filter((line) => line.includes("started at"))).to.have.length(1);
    expect(messages.filter((line) => line.startsWith("Stack local: made in network, data, secrets, services")))
      .to.have //
      .length(1);
    for (const { name, directory } of layers) {
      expect(await pulumi("stack", "ls", "--cwd", directory), name).to.include("local*");
      expect(fileOf(name).encryptedkey, name).to.be.a("string");
    }
  });

  it("does not change when nothing is missing", async () => {
    const before = allTexts();
    await bringUp(context);
    expect(allTexts()).to.deep.equal(before);
    expect(messages).to.deep.equal([]);
  });

  it("keeps secrets encrypted in settings, and nowhere else", async () => {
    const get = ["config", "get", "dbPassword", "--stack", "local", "--cwd", "stacks/data"];
    const password = await pulumi(...get);
    expect(password).to.match(/^[\w-]{43}$/);
    const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    for (const { parentPath, name } of files) {
      expect(readFileSync(join(parentPath, name), "utf8"), join(parentPath, name)).not.to.include(password);
    }
  });

  it("is not replaced by one with another home folder", async () => {
    const before = allTexts();
    const other = { ...context, folder: folderAt(join(root, "other-environment")) };
    const error: unknown = await bringUp(other).catch((reason: unknown) => reason);
    await bringDown(other);
    expect(allTexts()).to.deep.equal(before);
    expect(String(error)).to.include(context.folder.root).and.to.include("stop-local.sh");
  });

  it("restores only the removed setting", async () => {
    await pulumi("config", "rm", "e2bApiKey", "--stack", "local", "--cwd", "stacks/secrets");
    const { config } = fileOf("secrets");
    await bringUp(context);
    const { "proliferate-secrets:e2bApiKey": restored, ...rest } = fileOf("secrets").config;
    expect(restored).to.have.property("secure");
    expect(rest).to.deep.equal(config);
  });

  it("reports what was lost with the emulator's memory, creates new secrets and keeps plain settings", async () => {
    await pulumi("config", "set", "gatewayMaxCount", "3", "--stack", "local", "--cwd", "stacks/services");
    const before = fileOf("secrets");
    const stopped = await bringDown(context);
    expect(await bringDown(context)).to.equal(undefined);

    // Within a process a port is not given twice in a row.
    clearLockedPorts();
    const emulator = await bringUp(context);
    expect(emulator.port).to.equal(stopped?.port);
    expect(messages.join("\n")).to.include(
      "Lost with its memory: the deployed resources, the state and the key of the local environment.",
    );
    const after = fileOf("secrets");
    expect(after.encryptedkey).not.to.equal(before.encryptedkey);
    expect(Object.keys(after.config).sort()).to.deep.equal(Object.keys(before.config).sort());
    expect(fileOf("services").config["proliferate-services:gatewayMaxCount"]).to.equal("3");
    expect(await pulumi("config", "--stack", "local", "--show-secrets", "--cwd", "stacks/secrets")).to.include("sk-");
  });

  it("does not change other stacks' settings", () => {
    expect(readFileSync(pathOf("data", "prod"), "utf8")).to.equal("encryptionsalt: somebody's\n");
  });
});
