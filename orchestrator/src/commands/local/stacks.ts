/** The stack `local` of every layer: made where it is missing, with settings and secrets where they are missing. */
import { join } from "node:path";
import type { S3Client } from "@aws-sdk/client-s3";
import { layerNames, layers, type Layer } from "@proliferate-infra/shared/layers";
import { runPulumi } from "../../pulumi/command.ts";
import { withMissing, withoutEncrypted } from "@proliferate-infra/backend/pulumi-files/edit-stack-file";
import { readStackFileFor, writeStackFile } from "@proliferate-infra/backend/pulumi-files/stack-file";
import { readStates } from "@proliferate-infra/backend/pulumi-files/read-states";
import { s3ObjectStore } from "@proliferate-infra/backend/storage/s3";
import { LOCAL_STACK, localEnvironment } from "@proliferate-infra/backend/environment/local-names";
import { localSettings } from "./settings.ts";

const { secretsProvider } = localEnvironment;

/** Where the stacks are and how to reach their backend. */
export interface StacksContext {
  /** Absolute path of the repository. */
  readonly checkout: string;
  /** Complete environment of `pulumi`. */
  readonly env: NodeJS.ProcessEnv;
  readonly s3: S3Client;
}

/** Makes missing stacks, adds missing settings. Returns the names of the layers whose stack was made. */
export async function setUpStacks(context: StacksContext): Promise<readonly string[]> {
  const states = await readStates(s3ObjectStore(localEnvironment.state, context.s3), LOCAL_STACK, layerNames);
  const isMissing = ({ name }: Layer) => states.get(name)?.version === undefined;
  const outcomes = await Promise.allSettled(layers.map((layer) => setUpStack(layer, isMissing(layer), context)));
  // Not before all have ended: the caller then lets the next command at the same files.
  const failed = outcomes.find((outcome) => outcome.status === "rejected");
  if (failed !== undefined) {
    throw failed.reason;
  }
  return layers.filter(isMissing).map(({ name }) => name);
}

async function setUpStack(layer: Layer, isNew: boolean, context: StacksContext): Promise<void> {
  const settings = localSettings(layer.name);
  const file = readStackFileFor(context.checkout, layer.name, LOCAL_STACK, secretsProvider);
  writeStackFile(context.checkout, file, withMissing(file, { secretsProvider, plain: settings.plain }));
  if (isNew) {
    await pulumi(["stack", "init", LOCAL_STACK, "--secrets-provider", secretsProvider], layer, context);
  }
  const missing = [...settings.secret].filter(([key]) => !file.configuration.values.has(key));
  for (const [key, make] of missing) {
    // One at a time: each run reads and writes the whole file. Only this command takes the value from standard input.
    await pulumi(["config", "set", key, "--secret", "--stack", LOCAL_STACK], layer, context, make());
  }
}

/** Removes what was encrypted with a key that is gone. Returns whether there was any. */
export function forgetSecrets(checkout: string): boolean {
  const files = layerNames.map((layer) => readStackFileFor(checkout, layer, LOCAL_STACK, secretsProvider));
  return files.map((file) => writeStackFile(checkout, file, withoutEncrypted(file))).includes(true);
}

async function pulumi(args: readonly string[], layer: Layer, context: StacksContext, input = ""): Promise<void> {
  await runPulumi(args, { cwd: join(context.checkout, layer.directory), env: context.env, input });
}
