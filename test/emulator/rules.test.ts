/** The table of rules: each is documented and tested, and the selection of rules is checked. */
import { copyFileSync, globSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { execaSync } from "execa";
import { repositoryRoot } from "@proliferate-infra/backend/root";
import { failureOf } from "@proliferate-infra/testing/failure";
import { startTestEmulator } from "@proliferate-infra/testing/emulator";

const document = join(repositoryRoot, "docs/emulated-aws.md");

describe("the emulator's rules", () => {
  it("are all in the document", () => {
    const folder = mkdtempSync(join(tmpdir(), "rules-"));
    const written = join(folder, "emulated-aws.md");
    try {
      copyFileSync(document, written);
      execaSync("python3", ["-m", "aws_rules", written], { cwd: join(repositoryRoot, "emulator/additions") });
      expect(readFileSync(written, "utf8"), "pnpm generate").to.equal(readFileSync(document, "utf8"));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("are each named by the test that shows them", () => {
    const names = [...readFileSync(document, "utf8").matchAll(/^\| `([a-z-]+)`/gm)].map(([, name = ""]) => name);
    const titles = globSync("*.test.ts", { cwd: import.meta.dirname })
      .flatMap((file) => readFileSync(join(import.meta.dirname, file), "utf8").match(/^ +it\(.*$/gm) ?? [])
      .join("\n");
    expect(names).to.have.length.greaterThan(5);
    expect(names.filter((name) => !new RegExp(`[(, ]${name}[,)]`).test(titles))).to.deep.equal([]);
  });

  it("are not selected by a name that does not exist", async () => {
    const failure = await failureOf(startTestEmulator("-no-such-rule"));
    expect(failure.message).to.contain("EMULATED_RULES").and.to.contain("-no-such-rule");
  });
});
