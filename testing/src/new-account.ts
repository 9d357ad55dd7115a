/** An empty AWS account, and a user who runs the scripts of this checkout with credentials for it. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { changeFolder } from "@proliferate-infra/backend/environment/change-folder";
import { environmentFile } from "@proliferate-infra/backend/environment/environment-file";
import { layerByName, layerNames } from "@proliferate-infra/shared/layers";
import type { TestEmulator } from "./emulator.ts";
import type { CommandResult } from "@proliferate-infra/orchestrator/pulumi/command";
import { repositoryRoot as root } from "@proliferate-infra/backend/root";

/** Variables that would select another environment. */
const OTHER_SOURCES = /^(PULUMI_|ROLLOUT_|AWS_(ACCESS|SECRET|SESSION|PROFILE|REGION|DEFAULT))/;

/** A user who sets up environments in an account. */
export class NewAccount {
  readonly account: string;
  readonly region: string;
  /** Output of all commands. */
  readonly printed: string[] = [];
  readonly env: NodeJS.ProcessEnv;
  readonly #folder = mkdtempSync(join(tmpdir(), "new-account-"));
  readonly #stacks: string[] = [];

  /** `account`: twelve digits. The emulator derives the account from the access key. */
  constructor(emulator: TestEmulator, account: string, region = "us-east-1") {
    this.account = account;
    this.region = region;
    const kept = Object.entries(emulator.env).filter(([name]) => !OTHER_SOURCES.test(name));
    this.env = {
      ...Object.fromEntries(kept),
      PULUMI_HOME: join(this.#folder, "pulumi-home"),
      AWS_ACCESS_KEY_ID: account,
      AWS_SECRET_ACCESS_KEY: "test",
    };
  }

  /** Runs a script of `scripts/` on an environment. */
  async script(name: string, stack: string, ...args: readonly string[]): Promise<CommandResult> {
    this.#stacks.push(stack);
    return this.#run(join(root, "scripts", name), ["--stack", stack, ...args]);
  }

  /** Runs `rollout` on an environment. */
  async rollout(command: string, stack: string, ...args: readonly string[]): Promise<CommandResult> {
    return this.#run(join(root, "orchestrator/src/cli.ts"), [command, "--stack", stack, ...args]);
  }

  async #run(file: string, args: readonly string[]): Promise<CommandResult> {
    const { exitCode, stdout, stderr } = await execa(file, args, {
      ...{ cwd: root, env: this.env, extendEnv: false, reject: false, stdin: "ignore" },
    });
    this.printed.push(stdout, stderr);
    return { exitCode, stdout, stderr };
  }

  /** Writes a file and returns its path. */
  write(name: string, text: string): string {
    const path = join(this.#folder, name);
    writeFileSync(path, text);
    return path;
  }

  /** Makes the checkout one that has never seen the environments. */
  forgetEnvironments(): void {
    for (const stack of new Set(this.#stacks)) {
      for (const layer of layerNames) {
        rmSync(join(root, layerByName(layer).directory, `Pulumi.${stack}.yaml`), { force: true });
      }
      rmSync(environmentFile(root, stack), { force: true });
      rmSync(changeFolder(root, stack), { recursive: true, force: true });
    }
  }

  /** Removes the files that the scripts wrote. */
  dispose(): void {
    this.forgetEnvironments();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
