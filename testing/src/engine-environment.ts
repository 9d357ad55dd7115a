/**
 * An environment for engine tests: its own emulated AWS with state and key, and a stack with settings in all four
 * layers. Commands run the real CLI, provider and rollout. They cannot reach a real account.
 */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { KMSClient } from "@aws-sdk/client-kms";
import { execa } from "execa";
import { keysOf, settingOf } from "@proliferate-infra/shared/settings/catalog";
import { fullKey } from "@proliferate-infra/shared/settings/fault";
import { layerByName, layers, type LayerName } from "@proliferate-infra/shared/layers";
import { stateKey } from "@proliferate-infra/backend/pulumi-files/read-states";
import { changeFolder } from "@proliferate-infra/backend/environment/change-folder";
import { localEnvironment } from "@proliferate-infra/backend/environment/local-names";
import { tryPulumi, type CommandResult } from "@proliferate-infra/orchestrator/pulumi/command";
import { reportSchema, type RolloutReport } from "@proliferate-infra/orchestrator/report/report";
import { encryptValue } from "@proliferate-infra/backend/pulumi-files/secrets";
import { parseDocument } from "yaml";
import { repositoryRoot as root } from "@proliferate-infra/backend/root";
import { loopbackEndpoint, startTestEmulator, type TestEmulator } from "./emulator.ts";
import type { SampleChanges } from "./sample-configuration.ts";
import { createDataKey } from "./stack-encryption.ts";
import { emptyState, stackTexts } from "./stack-texts.ts";

export class EngineEnvironment {
  readonly stack: string;
  readonly endpoint: string;
  readonly s3: S3Client;
  /** Output of all commands, to search it for secrets. */
  readonly printed: string[] = [];
  readonly #emulator: TestEmulator;
  readonly #dataKeys = new Map<LayerName, Buffer>();
  #env: NodeJS.ProcessEnv;

  private constructor(stack: string, emulator: TestEmulator) {
    this.stack = stack;
    this.endpoint = emulator.endpoint;
    this.#env = emulator.env;
    this.s3 = new S3Client({ ...emulator.clientOptions, forcePathStyle: true });
    this.#emulator = emulator;
  }

  /** Sets the AWS endpoint of all later commands, for a proxy in front of the emulator. */
  reachAwsThrough(endpoint: string): void {
    this.#env = { ...this.#env, AWS_ENDPOINT_URL: loopbackEndpoint(endpoint) };
  }

  /** Starts an emulator and creates the stack in all layers, with the sample configuration and `changes`. */
  static async start(stack: string, changes: SampleChanges = {}): Promise<EngineEnvironment> {
    const environment = new EngineEnvironment(stack, await startTestEmulator());
    try {
      await environment.#setUpStacks(changes);
      return environment;
    } catch (error) {
      await environment.dispose();
      throw error;
    }
  }

  /**
   * Writes settings and states as `pulumi stack init` and `pulumi config set` would, without a CLI process for each
   * value.
   */
  async #setUpStacks(changes: SampleChanges): Promise<void> {
    const { secretsProvider, state } = localEnvironment;
    const kms = new KMSClient(this.#emulator.clientOptions);
    const Key = `${state.prefix}/.pulumi/meta.yaml`;
    await this.s3.send(new PutObjectCommand({ Bucket: state.bucket, Key, Body: "version: 1\n" }));
    for (const { name, project } of layers) {
      const key = await createDataKey(kms);
      this.#dataKeys.set(name, key.plain);
      const head = { secretsprovider: secretsProvider, encryptedkey: key.encrypted };
      const texts = stackTexts({ stack: this.stack, dataKey: key.plain, head, changes });
      writeFileSync(this.#stackFile(name), texts.get(name) ?? "");
      await this.replaceState(name, emptyState(`organization/${project}/${this.stack}`, key.encrypted));
    }
    kms.destroy();
  }

  #stackFile(layer: LayerName): string {
    return join(root, layerByName(layer).directory, `Pulumi.${this.stack}.yaml`);
  }

  /** Runs `pulumi` in a layer's folder. */
  async pulumi(layer: LayerName, ...args: readonly string[]): Promise<CommandResult> {
    return this.pulumiWith({}, layer, ...args);
  }

  /** Runs `pulumi` in a layer's folder with additional environment variables. */
  async pulumiWith(variables: NodeJS.ProcessEnv, layer: LayerName, ...args: readonly string[]): Promise<CommandResult> {
    const run = { cwd: join(root, layerByName(layer).directory), env: { ...this.#env, ...variables } };
    return this.#remember(await tryPulumi([...args, "--stack", this.stack], run));
  }

  /** Changes settings in all layers that have them; undefined removes a key. */
  change(changes: SampleChanges): void {
    for (const { name: layer } of layers) {
      for (const key of keysOf(layer).filter((each) => each in changes)) {
        const change = changes[key];
        const value = typeof change === "string" ? change : change?.text;
        const full = fullKey(layer, key);
        if (value !== undefined && settingOf(key).secret) {
          this.configureSecret(layer, full, value);
        } else {
          this.#setConfig(layer, full, value);
        }
      }
    }
  }

  /** Sets a plain configuration key of a layer; undefined removes it. `key` is a full key, such as `proliferate-data:redisNodeType`. */
  configure(layer: LayerName, key: string, value: string | undefined): void {
    this.#setConfig(layer, key, value);
  }

  /** Sets a secret configuration key of a layer. `key` is a full key. */
  configureSecret(layer: LayerName, key: string, value: string): void {
    const dataKey = this.#dataKeys.get(layer);
    if (dataKey === undefined) {
      throw new Error(`${layer} has no stack.`);
    }
    this.#setConfig(layer, key, { secure: encryptValue(dataKey, value) });
  }

  #setConfig(layer: LayerName, key: string, value: unknown): void {
    const path = this.#stackFile(layer);
    const document = parseDocument(readFileSync(path, "utf8"));
    if (value === undefined) {
      document.deleteIn(["config", key]);
    } else {
      document.setIn(["config", key], value);
    }
    writeFileSync(path, document.toString());
  }

  /** Starts `rollout` on the stack and returns its process, so that a test can send it signals. */
  start(command: string, ...args: readonly string[]) {
    return this.#start({}, command, args);
  }

  #start(variables: NodeJS.ProcessEnv, command: string, args: readonly string[]) {
    return execa(join(root, "orchestrator/src/cli.ts"), [command, "--stack", this.stack, ...args], {
      ...({ cwd: root, extendEnv: false, reject: false, stdin: "ignore" } as const),
      env: { ...this.#env, ...variables },
      // The engine needs time to stop in order. By default, execa would kill it after five seconds.
      forceKillAfterDelay: false,
    });
  }

  /** Environment variables for this environment's AWS. */
  get env(): NodeJS.ProcessEnv {
    return this.#env;
  }

  /** Runs `rollout` on the stack. */
  async rollout(command: string, ...args: readonly string[]): Promise<CommandResult> {
    return this.rolloutWith({}, command, ...args);
  }

  /** Runs `rollout` on the stack with additional environment variables. undefined removes a variable. */
  async rolloutWith(variables: NodeJS.ProcessEnv, command: string, ...args: readonly string[]): Promise<CommandResult> {
    return this.#remember(await this.#start(variables, command, args));
  }

  /** Runs `rollout COMMAND --json`, checks the document against its schema and returns it. */
  async report(command: RolloutReport["command"], ...args: readonly string[]): Promise<RolloutReport> {
    const consent = command === "up" || command === "destroy" ? ["--yes"] : [];
    const { stdout, stderr } = await this.rollout(command, "--json", ...consent, ...args);
    if (stdout === "") {
      throw new Error(`rollout ${command} printed no document:\n${stderr}`);
    }
    return reportSchema.parse(JSON.parse(stdout));
  }

  #remember({ exitCode, stdout, stderr }: CommandResult): CommandResult {
    this.printed.push(stdout, stderr);
    return { exitCode, stdout, stderr };
  }

  /** Returns every version of every object in the state bucket, by key and version. */
  async stateObjects(): Promise<Map<string, string>> {
    const objects = new Map<string, string>();
    const { Versions: versions = [] } = await this.s3.send(
      new ListObjectVersionsCommand({ Bucket: localEnvironment.state.bucket }),
    );
    for (const { Key, VersionId } of versions) {
      const { Body } = await this.s3.send(
        new GetObjectCommand({ Bucket: localEnvironment.state.bucket, Key, VersionId }),
      );
      objects.set(`${Key}@${VersionId}`, (await Body?.transformToString()) ?? "");
    }
    return objects;
  }

  /** Returns a layer's current state as stored. */
  async stateOf(layer: LayerName): Promise<string> {
    const { Body } = await this.s3.send(new GetObjectCommand(this.#stateOf(layer)));
    return (await Body?.transformToString()) ?? "";
  }

  #stateOf(layer: LayerName) {
    const { bucket, prefix } = localEnvironment.state;
    return { Bucket: bucket, Key: `${prefix}/${stateKey(this.stack, layer)}` };
  }

  /** Replaces a layer's state without Pulumi, because an import would drop interrupted operations. */
  async replaceState(layer: LayerName, text: string): Promise<void> {
    await this.s3.send(new PutObjectCommand({ ...this.#stateOf(layer), Body: text }));
  }

  /** Locks a layer's stack like another user's running `pulumi up`. Returns a function that unlocks it. */
  async lockStack(layer: LayerName): Promise<() => Promise<void>> {
    const { bucket, prefix } = localEnvironment.state;
    const Key = `${prefix}/.pulumi/locks/organization/${layerByName(layer).project}/${this.stack}/of-somebody.json`;
    const lock = { pid: 1, username: "ann", hostname: "laptop", timestamp: new Date().toISOString() };
    await this.s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: JSON.stringify(lock) }));
    return async () => {
      await this.s3.send(new DeleteObjectCommand({ Bucket: bucket, Key }));
    };
  }

  /** Returns the contents of the layers' configuration files. */
  configurationFiles(): string[] {
    return layers.map(({ name }) => readFileSync(this.#stackFile(name), "utf8"));
  }

  /** Stops the emulator and removes all files. */
  async dispose(): Promise<void> {
    this.s3.destroy();
    await this.#emulator.stop();
    for (const { name } of layers) {
      rmSync(this.#stackFile(name), { force: true });
    }
    rmSync(changeFolder(root, this.stack), { recursive: true, force: true });
  }
}
