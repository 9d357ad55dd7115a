import { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { chooseTool } from "@proliferate-infra/tools/lib/choose-tool.mjs";
import { platformName } from "@proliferate-infra/tools/lib/platform.mjs";
import { ToolFault } from "@proliferate-infra/tools/lib/tool-fault.mjs";
import { awsProviderTool } from "@proliferate-infra/tools/toolchain/aws-provider.mjs";
import { ministackTool } from "@proliferate-infra/tools/toolchain/ministack.mjs";
import { pnpmTool } from "@proliferate-infra/tools/toolchain/pnpm.mjs";
import { pulumiTool } from "@proliferate-infra/tools/toolchain/pulumi.mjs";
import { chooseAll } from "@proliferate-infra/tools/toolchain/set-up-toolchain.mjs";
import { setUpContext, temporaryFolder } from "./support/set-up-context.ts";

/** Nothing listens there. */
const unreachable = "http://127.0.0.1:1";

describe("a machine with missing requirements", () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let programs: string;
  beforeEach(() => {
    folder = temporaryFolder();
    programs = join(folder.path, "programs");
    mkdirSync(programs);
  });
  afterEach(() => {
    folder.remove();
  });

  function context() {
    const env = { PROLIFERATE_INFRA_PULUMI_DOWNLOADS: unreachable };
    return setUpContext(join(folder.path, "cache"), { path: programs, env });
  }

  function putOnPath(name: string, script: string): void {
    const file = join(programs, name);
    writeFileSync(file, `#!/bin/sh\n${script}\n`);
    chmodSync(file, 0o755);
  }

  async function faultOf(work: Promise<unknown>): Promise<string> {
    const error: unknown = await work.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).to.be.instanceOf(ToolFault);
    return (error as ToolFault).describe();
  }

  it("Go: the error names the tool that needs it, why its download was not used, and where to get Go", async () => {
    const fault = await faultOf(chooseTool(pulumiTool(platformName()), context()));
    expect(fault).to.match(/^Go >= 1\.26\.0 is missing \(there is none on PATH\); the Pulumi CLI must be built/);
    expect(fault).to.contain(unreachable).and.to.contain("cannot be had");
    expect(fault).to.contain("to fix it: install Go from https://go.dev/dl/");
  });

  it("a new enough Go: the error has the installed version", async () => {
    putOnPath("go", "echo 'go version go1.22.1 linux/amd64'");
    const fault = await faultOf(chooseTool(awsProviderTool(), context()));
    expect(fault)
      .to.contain(`${join(programs, "go")} is 1.22.1`)
      .and.to.contain("the AWS provider must be built");
  });

  it("Python: the error lists versions that are too old", async () => {
    putOnPath("python3", "echo 'Python 3.9.2'");
    const fault = await faultOf(chooseTool(ministackTool(), context()));
    expect(fault)
      .to.contain("Python >= 3.11.0 is missing")
      .and.to.contain(`${join(programs, "python3")} is 3.9.2`);
  });

  it("npm: the error names it", async () => {
    const fault = await faultOf(chooseTool(pnpmTool(), context()));
    expect(fault).to.contain("fetching the npm package pnpm@").and.to.contain("npm must be installed");
  });

  it("a registry: the error has the last 20 lines of the step's log and the log's path", async () => {
    putOnPath("npm", "i=0; while [ $i -lt 50 ]; do i=$((i+1)); echo line $i; done; echo the reason >&2; exit 7");
    const { folders } = context();
    const fault = await faultOf(chooseTool(pnpmTool(), context()));
    expect(fault).to.contain("npm ended with exit code 7");
    expect(fault).to.contain(`log: ${join(folders.logs, "pnpm-")}`);
    expect(fault).to.contain("| line 50\n    | the reason");
    expect(fault).to.not.contain("| line 31\n");
    expect(readdirSync(folders.building)).to.deep.equal([]);
    expect(existsSync(folders.logs)).to.equal(true);
  });

  it("several requirements: one error lists all", async () => {
    const fault = await faultOf(chooseAll([pnpmTool(), ministackTool(), pulumiTool(platformName())], context()));
    expect(fault).to.contain("npm must be installed").and.to.contain("Python >=").and.to.contain("Go >=");
  });
});
