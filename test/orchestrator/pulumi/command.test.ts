import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { expect } from "chai";
import { StepFailed } from "@proliferate-infra/backend/errors";
import { runPulumi, tryPulumi } from "@proliferate-infra/orchestrator/pulumi/command";
import { failureOf } from "@proliferate-infra/testing/failure";

describe("a run of the Pulumi CLI", () => {
  let cwd: string;
  beforeEach(() => {
    cwd = mkdtempSync(join(tmpdir(), "pulumi-command-"));
  });
  afterEach(() => {
    rmSync(cwd, { recursive: true });
  });

  const standIn = (script: string) => {
    writeFileSync(join(cwd, "pulumi"), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    return { cwd, env: { PATH: [cwd, process.env.PATH].join(delimiter) } };
  };

  it("gets its input, no prompts, and only the given variables", async () => {
    const run = standIn('echo "$* $(cat) ${HOME:-no home}"');
    expect(await runPulumi(["whoami"], { ...run, input: "canary" })).to.equal(
      "whoami --non-interactive canary no home",
    );
  });

  it("fails with its standard error, with the input masked", async () => {
    const run = { ...standIn('echo "cannot use $(cat)" >&2; exit 7'), input: "canary" };
    expect((await tryPulumi(["up"], run)).exitCode).to.equal(7);
    const failure = await failureOf(runPulumi(["up"], run));
    expect(failure).to.be.instanceOf(StepFailed);
    expect(failure.message).to.include("cannot use [secret]").and.not.include("canary");
  });

  it("fails with the reason when the program does not exist", async () => {
    const failure = await failureOf(runPulumi(["up"], { cwd, env: { PATH: cwd } }));
    expect(failure.message).to.include("ENOENT");
  });
});
