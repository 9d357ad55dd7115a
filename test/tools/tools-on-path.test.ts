import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { findExecutable } from "@proliferate-infra/tools/lib/executables.mjs";
import type { Tool } from "@proliferate-infra/tools/lib/choose-tool.mjs";
import { platformName } from "@proliferate-infra/tools/lib/platform.mjs";
import { awsProviderTool } from "@proliferate-infra/tools/toolchain/aws-provider.mjs";
import { ministackTool } from "@proliferate-infra/tools/toolchain/ministack.mjs";
import { nodeTool } from "@proliferate-infra/tools/toolchain/node.mjs";
import { pnpmTool } from "@proliferate-infra/tools/toolchain/pnpm.mjs";
import { pulumiTool } from "@proliferate-infra/tools/toolchain/pulumi.mjs";
import { shellcheckTool } from "@proliferate-infra/tools/toolchain/shellcheck.mjs";
import { setUpContext, temporaryFolder } from "./support/set-up-context.ts";

describe("tools on PATH", () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let programs: string;
  let cache: string;
  beforeEach(() => {
    folder = temporaryFolder();
    programs = join(folder.path, "programs");
    cache = join(folder.path, "cache");
    mkdirSync(programs);
  });
  afterEach(() => {
    folder.remove();
  });

  function putOnPath(name: string, script: string, where = programs): string {
    mkdirSync(where, { recursive: true });
    const file = join(where, name);
    writeFileSync(file, script);
    chmodSync(file, 0o755);
    return file;
  }
  const printing = (text: string) => `#!/bin/sh\necho '${text}'\n`;
  const context = (path = programs) => setUpContext(cache, { path });

  const tools: readonly [Tool, program: string, fitting: string[], notFitting: string[]][] = [
    [nodeTool(platformName()), "node", ["v22.18.0", "v24.11.1"], ["v22.17.1", "v25.0.0", "v24.0.0-rc.1"]],
    [pnpmTool(), "pnpm", ["10.34.8", "10.99.0"], ["10.34.7", "11.0.0", "9.15.0"]],
    [awsProviderTool(), "pulumi-resource-aws", ["v7.48.0", "7.60.1"], ["7.47.9", "8.0.0"]],
    [shellcheckTool(), "shellcheck", ["version: 0.11.0"], ["version: 0.9.0", "version: 0.12.0"]],
  ];
  for (const [tool, program, fitting, notFitting] of tools) {
    it(`${tool.name}: taken are ${fitting.join(", ")}, not ${notFitting.join(", ")}`, async () => {
      for (const text of [...fitting, ...notFitting]) {
        const file = putOnPath(program, printing(text));
        const found = await tool.onPath?.(context());
        expect(found?.program, text).to.equal(fitting.includes(text) ? file : undefined);
      }
    });
  }

  it("pulumi: only with a language host beside it or on PATH", async () => {
    const file = putOnPath("pulumi", printing("v3.300.0"));
    expect(await pulumiTool(platformName()).onPath?.(context())).to.equal(undefined);
    const elsewhere = join(folder.path, "elsewhere");
    putOnPath("pulumi-language-nodejs", printing(""), elsewhere);
    expect(await pulumiTool(platformName()).onPath?.(context(`${programs}:${elsewhere}`))).to.include({
      program: file,
    });
    putOnPath("pulumi-language-nodejs", printing(""));
    expect(await pulumiTool(platformName()).onPath?.(context())).to.deep.equal({ program: file, version: "3.300.0" });
    putOnPath("pulumi", printing("v3.258.0"));
    expect(await pulumiTool(platformName()).onPath?.(context())).to.equal(undefined);
  });

  it("ministack: by the version that the Python of its first line knows", async () => {
    const python = putOnPath("python-of-ministack", printing("1.5.33"));
    const file = putOnPath("ministack", `#!${python}\nimport sys\n`);
    expect(await ministackTool().onPath?.(context())).to.deep.equal({ program: file, version: "1.5.33" });
    putOnPath("python-of-ministack", printing("1.5.34"));
    expect(await ministackTool().onPath?.(context())).to.equal(undefined);
  });

  it("are ignored when they do not start or print no version", async () => {
    putOnPath("pnpm", "#!/bin/sh\nexit 1\n");
    expect(await pnpmTool().onPath?.(context())).to.equal(undefined);
    putOnPath("pnpm", printing("hello"));
    expect(await pnpmTool().onPath?.(context())).to.equal(undefined);
  });

  it("do not include tools that an earlier set-up put into the cache", () => {
    putOnPath("pnpm", printing("10.34.8"), join(cache, "bin-0123"));
    expect(findExecutable("pnpm", { path: join(cache, "bin-0123"), except: cache })).to.equal(undefined);
  });

  it("are the first executable files, not folders or plain files of that name", () => {
    mkdirSync(join(folder.path, "a/tool"), { recursive: true });
    putOnPath("tool", printing(""), join(folder.path, "b"));
    chmodSync(join(folder.path, "b/tool"), 0o644);
    const third = putOnPath("tool", printing(""), join(folder.path, "c"));
    const path = ["a", "b", "c"].map((name) => join(folder.path, name)).join(":");
    expect(findExecutable("tool", { path, except: cache })).to.equal(third);
    expect(findExecutable("tool", { path: undefined, except: cache })).to.equal(undefined);
  });
});
