import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { expect } from "chai";
import { execa } from "execa";
import { layerNames } from "@proliferate-infra/shared/layers";
import { repositoryRoot as root } from "@proliferate-infra/backend/root";
import { programDigest } from "@proliferate-infra/orchestrator/decide/program-files";

const PLACES = [".gitattributes", "rollout", "scripts", "stacks", "shared", "backend", "pnpm-lock.yaml"];

describe("a checkout by Git for Windows, which wants CRLF", function () {
  this.timeout(60_000);

  let folder: string;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "checkout-"));
    const origin = join(folder, "origin");
    for (const place of PLACES) {
      mkdirSync(dirname(join(origin, place)), { recursive: true });
      const filter = (path: string) => !/^node_modules$|^Pulumi\..+\.yaml$/.test(basename(path));
      cpSync(join(root, place), join(origin, place), { recursive: true, filter });
    }
    const author = ["-c", "user.name=test", "-c", "user.email=test@example.com"];
    await execa("git", ["init", "--quiet"], { cwd: origin });
    await execa("git", ["add", "--all"], { cwd: origin });
    await execa("git", [...author, "commit", "--quiet", "--message", "all"], { cwd: origin });
    for (const autocrlf of ["true", "false"]) {
      await execa("git", ["clone", "--quiet", "-c", `core.autocrlf=${autocrlf}`, origin, join(folder, autocrlf)]);
    }
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  it("has LF in every text file, so that bash reads the scripts", async () => {
    const { stdout } = await execa("git", ["ls-files", "--eol"], { cwd: join(folder, "true") });
    expect(stdout.split("\n").filter((line) => /\sw\/(crlf|mixed)/.test(line))).to.deep.equal([]);
    const scripts = readdirSync(join(folder, "true/scripts")).filter((name) => name.endsWith(".sh"));
    for (const script of scripts) {
      expect(readFileSync(join(folder, "true/scripts", script), "utf8"), script).not.to.contain("\r");
    }
  });

  it("has programs with the digests that they have on Linux", async () => {
    for (const layer of layerNames) {
      const [windows, linux] = await Promise.all(
        ["true", "false"].map((clone) => programDigest(join(folder, clone), layer)),
      );
      expect(windows).to.equal(linux);
    }
  });
});
