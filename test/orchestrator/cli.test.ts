import { join } from "node:path";
import { expect } from "chai";
import { execa } from "execa";

const cli = join(import.meta.dirname, "../../orchestrator/src/cli.ts");

/** Runs the command line without a terminal, and without anything of AWS in the environment. */
async function rollout(...args: readonly string[]) {
  return rolloutWith({}, ...args);
}

async function rolloutWith(variables: Readonly<Record<string, string>>, ...args: readonly string[]) {
  const env = { PATH: process.env.PATH ?? "", ...variables };
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

  it("requires a stack", async () => {
    const { stderr, exitCode } = await rollout("up");
    expect(exitCode).to.equal(3);
    expect(stderr).to.contain("--stack <name>");
  });

  it("groups its commands, and has a version", async () => {
    const { stdout } = await rollout("--help");
    const titles = ["Set up:", "Deploy:", "Look:", "Operate:"].map((title) => stdout.indexOf(`\n${title}\n`));
    expect(titles).to.deep.equal(titles.toSorted((left, right) => left - right));
    expect(titles).not.to.include(-1);
    expect((await rollout("--version")).stdout).to.match(/^\d+\.\d+\.\d+$/);
  });

  it("uses the stack in ROLLOUT_STACK without --stack, and prints it", async () => {
    const fromVariable = await rolloutWith({ ROLLOUT_STACK: "nowhere" }, "configure", "list");
    expect(fromVariable.exitCode).to.equal(3);
    expect(fromVariable.stderr).to.contain("nowhere (from ROLLOUT_STACK)").and.contain("environments/nowhere.yaml");
    const given = await rolloutWith({ ROLLOUT_STACK: "nowhere" }, "status", "--stack", "elsewhere");
    expect(given.stderr).to.contain("environments/elsewhere.yaml").and.not.contain("ROLLOUT_STACK)");
    const neither = await rolloutWith({ ROLLOUT_STACK: "" }, "status");
    expect(neither.stderr).to.contain("--stack <name>").and.contain("ROLLOUT_STACK").and.contain("scripts/env.sh");
    expect(neither.exitCode).to.equal(3);
  });

  it("completes its own commands and options in bash", async () => {
    const script = `
      source <("$1" "$2" completion bash)
      rollout() { "$node" "$cli" "$@"; }
      node=$1 cli=$2
      # What the package bash-completion, which the script relies on, does where no word has = or :.
      _get_comp_words_by_ref() { words=("\${COMP_WORDS[@]}") cword=$COMP_CWORD cur=\${COMP_WORDS[COMP_CWORD]}; }
      complete_words() {
        COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMP_LINE="$*" COMP_POINT=\${#COMP_LINE} COMPREPLY=()
        "$(complete -p rollout | sed -E 's/.*-F ([^ ]+).*/\\1/')"
        printf '%s\\n' "\${COMPREPLY[@]}"
      }
      complete_words rollout con
      complete_words rollout up --res`;
    const env = { PATH: process.env.PATH ?? "" };
    const { stdout } = await execa("bash", ["-c", script, "bash", process.execPath, cli], { env, extendEnv: false });
    expect(stdout.split("\n").map((line) => line.trim())).to.deep.equal(["configure", "--resume"]);
  });

  for (const shell of ["zsh", "fish"]) {
    it(`has a completion script for ${shell}`, async () => {
      const { stdout, exitCode } = await rollout("completion", shell);
      expect(exitCode).to.equal(0);
      expect(stdout).to.contain("rollout complete --");
    });
  }

  it("refuses an unknown layer first", async () => {
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

  it("accepts each name of a loss, and no key instead", async () => {
    const { stderr, exitCode } = await rollout("rotate", "--stack", "nowhere", "--accept", "a", "anthropicApiKey");
    expect(exitCode).to.equal(3);
    expect(stderr).to.contain("scripts/configure.sh pull --stack nowhere");
  });

  it("prints how to set up a stack without configuration", async () => {
    const { stderr, exitCode } = await rollout("up", "--stack", "nowhere", "--yes");
    expect(exitCode).to.equal(3);
    expect(stderr).to.contain("scripts/setup-pulumi.sh --stack nowhere");
  });
});
