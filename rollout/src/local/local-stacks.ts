/** The stack `local` of every layer: made where it is missing, with settings and secrets where they are missing. */
import { join } from "node:path";
import { ListObjectsV2Command, type S3Client } from "@aws-sdk/client-s3";
import { layers, type Layer } from "@proliferate-infra/shared/layers";
import { execa, ExecaError } from "execa";
import { ToolFault } from "../../../tools/lib/tool-fault.mjs";
import { STACKS_FOLDER } from "../environment/environment-names.ts";
import { LOCAL_STACK, localEnvironment } from "./local-names.ts";
import { localSettings } from "./local-settings.ts";
import { addPlainSettings, missingSecrets, readStackFile, removeEncrypted, type StackFile } from "./stack-file.ts";

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
  const existing = await existingStacks(context.s3);
  const isMissing = ({ project }: Layer) => !existing.has(project);
  const outcomes = await Promise.allSettled(layers.map((layer) => setUpStack(layer, isMissing(layer), context)));
  // Not before all have ended: the caller then lets the next command at the same files.
  const failed = outcomes.find((outcome) => outcome.status === "rejected");
  if (failed !== undefined) {
    throw failed.reason;
  }
  return layers.filter(isMissing).map(({ name }) => name);
}

/** Projects that have the stack. Asking `pulumi` would take longer than all other checks together. */
async function existingStacks(s3: S3Client): Promise<ReadonlySet<string>> {
  const { bucket, prefix } = localEnvironment.state;
  const stacksPrefix = `${prefix}/${STACKS_FOLDER}`;
  const { Contents: objects = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: stacksPrefix }));
  const keys = new Set(objects.map(({ Key: key }) => key));
  const isThere = ({ project }: Layer) => keys.has(`${stacksPrefix}${project}/${LOCAL_STACK}.json`);
  return new Set(layers.filter(isThere).map(({ project }) => project));
}

async function setUpStack(layer: Layer, isNew: boolean, context: StacksContext): Promise<void> {
  const settings = localSettings(layer.name);
  const file = stackFile(layer, context.checkout);
  addPlainSettings(file, localEnvironment.secretsProvider, settings);
  if (isNew) {
    await pulumi(
      ["stack", "init", LOCAL_STACK, "--secrets-provider", localEnvironment.secretsProvider],
      layer,
      context,
    );
  }
  for (const [key, make] of missingSecrets(file, settings)) {
    // One at a time: each run reads and writes the whole file. Only this command takes the value from standard input.
    await pulumi(["config", "set", key, "--secret", "--stack", LOCAL_STACK], layer, context, make());
  }
}

function stackFile({ directory }: Layer, checkout: string): StackFile {
  return readStackFile(join(checkout, directory, `Pulumi.${LOCAL_STACK}.yaml`), localEnvironment.secretsProvider);
}

/** Removes what was encrypted with a key that is gone. Returns whether there was any. */
export function forgetSecrets(checkout: string): boolean {
  const files = layers.map((layer) => stackFile(layer, checkout));
  return files.map(removeEncrypted).includes(true);
}

async function pulumi(args: readonly string[], layer: Layer, context: StacksContext, input = ""): Promise<void> {
  const cwd = join(context.checkout, layer.directory);
  try {
    await execa("pulumi", [...args, "--non-interactive"], { cwd, env: context.env, extendEnv: false, input });
  } catch (error) {
    if (error instanceof ExecaError) {
      const { exitCode, stderr, originalMessage } = error;
      const log = String(exitCode === undefined ? originalMessage : stderr)
        .trim()
        .split("\n");
      throw new ToolFault(`"pulumi ${args.join(" ")}" failed in ${layer.directory}:`, { log });
    }
    throw error;
  }
}
