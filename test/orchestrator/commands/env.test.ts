import { join } from "node:path";
import { expect } from "chai";
import { execa } from "execa";
import { repositoryRoot } from "@proliferate-infra/backend/root";

const cli = join(repositoryRoot, "orchestrator/src/cli.ts");

describe("rollout env", () => {
  it("prints the variables that plain pulumi needs, quoted for a shell", async () => {
    const env = { PATH: process.env.PATH ?? "", ROLLOUT_STATE_URL: "file:///state of ann" };
    const { stdout } = await execa(process.execPath, [cli, "env", "--stack", "trial"], { env, extendEnv: false });
    const shown = ["PULUMI_BACKEND_URL", "PULUMI_STACK", "ROLLOUT_STACK", "ROLLOUT_STATE_URL"].map(
      (name) => `$${name}`,
    );
    const shell = await execa("bash", [
      "-c",
      `${stdout}\nprintf '%s\\n' ${shown.map((each) => `"${each}"`).join(" ")}`,
    ]);
    expect(shell.stdout.split("\n")).to.deep.equal(["file:///state of ann", "trial", "trial", "file:///state of ann"]);
  });

  it("prints nothing for an environment that is not set up", async () => {
    const env = { PATH: process.env.PATH ?? "" };
    const options = { env, extendEnv: false, reject: false } as const;
    const { stdout, stderr, exitCode } = await execa(process.execPath, [cli, "env", "--stack", "nowhere"], options);
    expect([stdout, exitCode]).to.deep.equal(["", 3]);
    expect(stderr).to.contain("scripts/setup-pulumi.sh --stack nowhere");
  });
});
