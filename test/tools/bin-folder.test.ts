import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import fc from "fast-check";
import { makeBinFolder, quoteForShell } from "@proliferate-infra/tools/lib/bin-folder.mjs";
import type { ChosenTool, SourceKind } from "@proliferate-infra/tools/lib/choose-tool.mjs";
import { commandsOfTools } from "@proliferate-infra/tools/toolchain/commands.mjs";
import { setUpContext, temporaryFolder } from "./support/set-up-context.ts";

describe("the folder that goes on PATH", () => {
  let folder: ReturnType<typeof temporaryFolder>;
  beforeEach(() => {
    folder = temporaryFolder();
  });
  afterEach(() => {
    folder.remove();
  });

  /** A tool whose folder has these programs, each of which prints its own path and its parameters. */
  function tool(name: string, kind: SourceKind, ...programs: string[]): ChosenTool {
    const location = join(folder.path, "tools of the test", name);
    for (const program of programs) {
      mkdirSync(join(location, program, ".."), { recursive: true });
      writeFileSync(join(location, program), `#!/bin/sh\necho "${program}: $*"\n`);
      chmodSync(join(location, program), 0o755);
    }
    return { name, version: "7.48.0", kind, location };
  }
  const make = (tools: readonly ChosenTool[]) =>
    makeBinFolder(tools, commandsOfTools(tools), setUpContext(folder.path).folders);
  const run = (binFolder: string, command: string, ...given: string[]) =>
    execFileSync(join(binFolder, command), given, { encoding: "utf8" });

  it("has a command for each installed tool, none for tools on PATH, and a description of all", async () => {
    const tools = [
      tool("node", "registry", "bin/node"),
      tool("pnpm", "registry"),
      tool("shellcheck", "path"),
      tool("ministack", "registry", "venv/bin/python"),
      tool("aws-provider", "registry", "pulumi-resource-aws"),
    ];
    const { binFolder } = await make(tools);
    expect(run(binFolder, "node", "a", "b")).to.equal("bin/node: a b\n");
    expect(run(binFolder, "pnpm", "install")).to.match(/^bin\/node: \/.*\/pnpm\/bin\/pnpm\.cjs install\n$/);
    expect(run(binFolder, "ministack")).to.equal("venv/bin/python: -m ministack\n");
    expect(run(binFolder, "plugins/resource-aws-v7.48.0/pulumi-resource-aws")).to.equal("pulumi-resource-aws: \n");
    expect(() => statSync(join(binFolder, "shellcheck"))).to.throw("ENOENT");
    expect(JSON.parse(readFileSync(join(binFolder, "toolchain.json"), "utf8"))).to.deep.equal({ binFolder, tools });
  });

  it("is the same for the same tools, and different for others", async () => {
    const [node, pnpm] = [tool("node", "path"), tool("pnpm", "registry")];
    const first = await make([node]);
    expect((await make([node])).binFolder).to.equal(first.binFolder);
    expect((await make([node, pnpm])).binFolder).to.not.equal(first.binFolder);
  });

  it("starts scripts with the selected node, even if it is on PATH", async () => {
    const node = tool("node", "path", "own-node");
    const chosen = { ...node, location: join(node.location, "own-node") };
    const { binFolder } = await make([chosen, tool("pnpm", "registry")]);
    expect(run(binFolder, "pnpm")).to.match(/^own-node: /);
  });

  it("quotes any word for the shell", () => {
    fc.assert(
      fc.property(
        fc.string().filter((word) => !word.includes("\0")),
        (word) => {
          const printed = execFileSync("/bin/sh", ["-c", `printf %s ${quoteForShell(word)}`], { encoding: "utf8" });
          expect(printed).to.equal(Buffer.from(word).toString());
        },
      ),
      { numRuns: 30 },
    );
  });
});
