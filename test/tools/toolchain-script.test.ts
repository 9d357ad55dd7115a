import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { temporaryFolder } from "./support/set-up-context.ts";

const script = fileURLToPath(new URL("../../scripts/lib/toolchain.sh", import.meta.url));
const setUp = fileURLToPath(new URL("../../tools/set-up.mjs", import.meta.url));

/** The script in a checkout of its own, whose set-up and package installation are stand-ins. */
describe("scripts/lib/toolchain.sh", () => {
  let folder: ReturnType<typeof temporaryFolder>;
  beforeEach(() => {
    folder = temporaryFolder();
    mkdirSync(join(folder.path, "check out/scripts/lib"), { recursive: true });
    cpSync(script, join(folder.path, "check out/scripts/lib/toolchain.sh"));
    mkdirSync(join(folder.path, "check out/tools"));
    mkdirSync(join(folder.path, "programs"));
    writeTool("set-up.mjs", 'console.error("progress"); console.log("/the/toolchain");');
    writeTool("install-packages.mjs", 'console.error("packages with " + process.env.PATH.split(":", 1)[0]);');
  });
  afterEach(() => {
    folder.remove();
  });

  function writeTool(name: string, text: string): void {
    writeFileSync(join(folder.path, "check out/tools", name), text);
  }

  function bash(commands: string, path = `${join(folder.path, "programs")}:/usr/bin:/bin`) {
    const start = 'set -euo pipefail; source "check out/scripts/lib/toolchain.sh";';
    return spawnSync("/bin/bash", ["-c", `${start} ${commands}`], {
      cwd: folder.path,
      env: { PATH: path, HOME: folder.path },
      encoding: "utf8",
    });
  }

  it("puts the toolchain and the project's commands first on PATH, once, and installs the packages with it", () => {
    symlinkSync(process.execPath, join(folder.path, "programs/node"));
    const { stdout, stderr } = bash('use_toolchain; use_toolchain; echo "$PATH"; env | grep ^PULUMI_');
    expect(stderr).to.contain("packages with /the/toolchain");
    const [path = "", ...variables] = stdout.trim().split("\n");
    expect(path.split(":").slice(0, 3)).to.deep.equal([
      "/the/toolchain",
      join(folder.path, "check out/node_modules/.bin"),
      join(folder.path, "programs"),
    ]);
    expect(variables).to.deep.equal(["PULUMI_SKIP_UPDATE_CHECK=true"]);
  });

  it("ends a script when the set-up or the packages fail", () => {
    symlinkSync(process.execPath, join(folder.path, "programs/node"));
    for (const tool of ["install-packages.mjs", "set-up.mjs"]) {
      writeTool(tool, 'console.error("the reason"); process.exit(1);');
      const { status, stdout, stderr } = bash("use_toolchain; echo went on");
      expect([status, stdout]).to.deep.equal([1, ""]);
      expect(stderr).to.contain("the reason");
    }
  });

  it("reports a missing or too old Node.js", () => {
    const missing = bash("use_toolchain", join(folder.path, "programs"));
    expect([missing.status, missing.stderr]).to.satisfy(
      ([status, text]: [number, string]) => status !== 0 && /Node\.js >= 18 is needed.*no node on PATH/.test(text),
    );
    const old = join(folder.path, "programs/node");
    writeFileSync(old, '#!/bin/sh\n[ "$1" = --version ] && echo v16.20.0 || exit 1\n');
    chmodSync(old, 0o755);
    expect(bash("use_toolchain").stderr).to.contain(`(${old} is v16.20.0)`);
  });
});

describe("tools/set-up.mjs", () => {
  const run = (env: Record<string, string>, ...given: string[]) =>
    spawnSync(process.execPath, [setUp, ...given], { env: { PATH: "/usr/bin:/bin", ...env }, encoding: "utf8" });

  it("refuses unknown arguments without a stack trace", () => {
    const { status, stdout, stderr } = run({}, "--print-paths");
    expect([status, stdout]).to.deep.equal([1, ""]);
    expect(stderr).to.equal("set-up failed: unknown argument --print-paths; allowed is --print-path\n");
  });

  it("refuses a relative path of the cache", () => {
    expect(run({ PROLIFERATE_INFRA_CACHE: "cache" }).stderr).to.contain("must be an absolute path");
  });
});
