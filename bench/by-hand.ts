/**
 * Does the same work without the rollout: plain `pulumi` in a layer, in a project with all layers, in an empty project.
 */
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { layerNames } from "@proliferate-infra/shared/layers";
import { localEnvironment } from "@proliferate-infra/backend/environment/local-names";
import { runPulumi, type CommandResult } from "@proliferate-infra/orchestrator/pulumi/command";
import { stringify } from "yaml";
import { repositoryRoot as root } from "@proliferate-infra/backend/root";
import type { EngineEnvironment } from "@proliferate-infra/testing/engine-environment";
import { sampleConfiguration, type SampleChanges } from "@proliferate-infra/testing/sample-configuration";

/** Plain Pulumi does not check lock and upstreams, so the guard that would do so is off. */
const BY_HAND = { ROLLOUT_RUN_ID: "bench" };

/** Runs a command and returns its output. Throws when the command fails. */
export async function must(work: Promise<CommandResult>): Promise<string> {
  const { exitCode, stdout, stderr } = await work;
  if (exitCode !== 0) {
    throw new Error(`A command failed:\n${stdout}\n${stderr}`);
  }
  return stdout;
}

/** Runs the same `pulumi` command in all layers, in order. */
export async function oneByOne(environment: EngineEnvironment, ...args: readonly string[]): Promise<void> {
  for (const layer of layerNames) {
    await must(environment.pulumiWith(BY_HAND, layer, ...args));
  }
}

/** Runs the same `pulumi` command in all layers, in reverse order. */
export async function oneByOneBackwards(environment: EngineEnvironment, ...args: readonly string[]): Promise<void> {
  for (const layer of layerNames.toReversed()) {
    await must(environment.pulumiWith(BY_HAND, layer, ...args));
  }
}

/** A project in this folder, with a stack of the environment's name. */
export class BenchProject {
  readonly #environment: EngineEnvironment;
  readonly #cwd: string;

  /** `folder`: path in `bench/`. */
  constructor(environment: EngineEnvironment, folder: string) {
    this.#environment = environment;
    this.#cwd = join(root, "bench", folder);
  }

  /** Runs `pulumi` on the stack. Returns its output. */
  async pulumi(args: readonly string[], input = ""): Promise<string> {
    const { stack, env } = this.#environment;
    return runPulumi([...args, "--stack", stack], { cwd: this.#cwd, env, input });
  }

  /** Creates the stack with the sample configuration of all layers and `changes`. */
  async init(changes: SampleChanges): Promise<void> {
    const { stack } = this.#environment;
    const { secretsProvider } = localEnvironment;
    const values = layerNames.flatMap((layer) => [...sampleConfiguration(layer, changes, stack).values]);
    const plain = values.filter(([, { secret }]) => !secret).map(([key, { text }]) => [key, text]);
    const config = Object.fromEntries(plain) as Record<string, string>;
    writeFileSync(this.#stackFile, stringify({ secretsprovider: secretsProvider, config }));
    await this.pulumi(["stack", "init", "--secrets-provider", secretsProvider]);
    for (const [key, { text, secret }] of values) {
      if (secret && text !== undefined) {
        await this.pulumi(["config", "set", key, "--secret"], text);
      }
    }
  }

  /** Returns the number of resources in the state, including the stack itself. */
  async countResources(): Promise<number> {
    const state = JSON.parse(await this.pulumi(["stack", "export"])) as { deployment: { resources: unknown[] } };
    return state.deployment.resources.length;
  }

  /** Removes the files that `init` wrote to the checkout. */
  dispose(): void {
    rmSync(this.#stackFile, { force: true });
  }

  get #stackFile(): string {
    return join(this.#cwd, `Pulumi.${this.#environment.stack}.yaml`);
  }
}
