import { execFileSync } from "node:child_process";
import { expect } from "chai";
import * as fc from "fast-check";
import { changedEnvironment, quoted, shellExports } from "@proliferate-infra/orchestrator/terminal/shell-exports";

describe("shell exports", () => {
  it("keep any value unchanged in the shell", () => {
    const value = fc.string({ unit: fc.constantFrom("'", '"', "$", "`", "\\", "!", "\n", " ", "(", ";", "a", "ä") });
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 50 }), (values) => {
        const script = values.map((text) => `printf '%s\\0' ${quoted(text)}`).join("\n");
        const words = execFileSync("sh", ["-c", script], { encoding: "utf8" }).split("\0").slice(0, -1);
        expect(words).to.deep.equal(values);
      }),
      { numRuns: 20 },
    );
  });

  it("set and remove variables when they are evaluated", () => {
    const exports = shellExports({ set: { A: "it's", B: "$HOME `id`" }, unset: ["C"] });
    const script = `${exports}printf '%s|%s|%s' "$A" "$B" "\${C-gone}"`;
    expect(execFileSync("sh", ["-c", script], { encoding: "utf8", env: { C: "old" } })).to.equal(
      "it's|$HOME `id`|gone",
    );
  });

  it("change a copy of an environment", () => {
    const env = { A: "1", B: "2" };
    expect(changedEnvironment(env, { set: { C: "3" }, unset: ["A"] })).to.deep.equal({ B: "2", C: "3" });
    expect(env).to.deep.equal({ A: "1", B: "2" });
  });
});
