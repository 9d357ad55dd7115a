import { join } from "node:path";
import { expect } from "chai";
import { execa } from "execa";

const cli = join(import.meta.dirname, "../../orchestrator/src/cli.ts");

/** Runs the command line without a terminal, and without anything of AWS in the environment. */
async function rollout(...args: readonly string[]) {
  const env = { PATH: process.env.PATH ?? "" };
  return execa(process.execPath, [cli, ...args], { env, extendEnv: false, reject: false, stdin: "ignore" });
}

describe("rollout's command line", () => {
  it("names its commands", async () => {
    const { stdout, exitCode } = await rollout("--help");
    expect(exitCode).to.equal(0);
    const commands = ["up", "rotate", "destroy", "doctor", "outputs", "setup", "configure", "login", "local"];
    for (const command of commands) {
      expect(stdout).to.contain(`\n  ${command} `);
    }
  });

  it("demands a stack", async () => {
    const { stderr, exitCode } = await rollout("up");
    expect(exitCode).to.equal(3);
    expect(stderr).to.contain("--stack <name>");
  });

  it("refuses a layer that there is not, before anything else", async () => {
    const { stderr, stdout, exitCode } = await rollout(
      "up",
      "--stack",
      "prod",
      "--only",
      "network,databse",
      "--yes",
      "--json",
    );
    expect(exitCode).to.equal(3);
    expect(stderr).to.equal('--only names the layer "databse"; the layers are network, data, secrets, services.');
    expect(stdout).to.equal("");
  });

  it("takes each loss that is accepted, and no key for one", async () => {
    const { stderr, exitCode } = await rollout("rotate", "--stack", "nowhere", "--accept", "a", "anthropicApiKey");
    expect(exitCode).to.equal(3);
    expect(stderr).to.contain("The environment nowhere is not set up");
  });

  it("tells how to set up a stack that has no configuration", async () => {
    const { stderr, exitCode } = await rollout("up", "--stack", "nowhere", "--yes");
    expect(exitCode).to.equal(3);
    expect(stderr).to.contain("scripts/setup-pulumi.sh --stack nowhere");
  });
});
