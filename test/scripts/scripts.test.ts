import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { execa } from "execa";
import { repositoryRoot as root } from "@proliferate-infra/backend/root";

const folder = join(root, "scripts");
const scripts = [
  "../rollout",
  ...(readdirSync(folder, { recursive: true }) as string[]).filter((name) => name.endsWith(".sh")),
];
const sourced = ["env.sh", "local-env.sh", join("lib", "toolchain.sh")];

describe("scripts", () => {
  for (const script of scripts) {
    it(`${script} passes shellcheck`, async () => {
      const { stdout, failed } = await execa("shellcheck", ["-x", join("scripts", script)], {
        cwd: root,
        reject: false,
      });
      expect(failed, stdout).to.equal(false);
    });
  }

  for (const script of scripts.filter((name) => !sourced.includes(name))) {
    it(`${script} is executable and stops at the first error`, () => {
      expect(statSync(join(folder, script)).mode & 0o111).to.equal(0o111);
      expect(readFileSync(join(folder, script), "utf8")).to.match(
        /^#!\/usr\/bin\/env bash\n(#.*\n)+set -euo pipefail\n/,
      );
    });
  }

  it("are run by .ci/run, which runs only what the README describes", () => {
    const commands = readFileSync(join(root, ".ci/run"), "utf8")
      .split("\n")
      .filter((line) => /^exec|\.sh/.test(line));
    expect(commands).to.deep.equal(["exec ./scripts/test-all.sh"]);
    expect(readFileSync(join(root, "README.md"), "utf8")).to.contain("./scripts/test-all.sh");
  });
});
