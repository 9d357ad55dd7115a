/** Creates an environment with its state in a folder and a passphrase for its secrets. */
import { join } from "node:path";
import { layerByName, layers, type LayerName } from "@proliferate-infra/shared/layers";
import { runPulumi } from "@proliferate-infra/orchestrator/pulumi/command";
import { fileBackend, fileFacts } from "@proliferate-infra/orchestrator/bootstrap/file-backend";
import { setUpEnvironment } from "@proliferate-infra/orchestrator/commands/setup/setup-environment";
import { z } from "zod";

const configSchema = z.record(z.string(), z.object({ value: z.string().optional() }));

export interface FolderEnvironment {
  readonly root: string;
  readonly stack: string;
  /** All environment variables for `pulumi` and `rollout`. */
  readonly env: NodeJS.ProcessEnv;
  /** Paths of the layers' settings files. */
  readonly files: readonly string[];
}

/** Sets up `stack` in the repository at `root`. All other files go to `folder`. */
export async function setUpInFolder(root: string, folder: string, stack: string): Promise<FolderEnvironment> {
  const env = { PATH: process.env.PATH, HOME: folder, PULUMI_HOME: join(folder, "pulumi-home") };
  const directory = join(folder, "state");
  const backend = await fileBackend(directory, stack, fileFacts(directory, stack, "us-east-1"));
  const say = () => undefined;
  await setUpEnvironment(stack, backend, {
    ...{ root, env, say, pulumi: runPulumi },
    confirm: () => Promise.resolve(true),
    protectResources: () => Promise.resolve(true),
    organization: new Map(),
  });
  return {
    root,
    stack,
    env: {
      ...env,
      PULUMI_BACKEND_URL: `file://${directory}`,
      PULUMI_CONFIG_PASSPHRASE_FILE: join(directory, `${stack}.passphrase`),
    },
    files: layers.map((layer) => join(root, layer.directory, `Pulumi.${stack}.yaml`)),
  };
}

/** Returns a layer's decrypted settings by full key. */
export async function decrypted(
  { root, stack, env }: FolderEnvironment,
  layer: LayerName,
): Promise<Readonly<Record<string, string | undefined>>> {
  const cwd = join(root, layerByName(layer).directory);
  const printed = await runPulumi(["config", "--show-secrets", "--json", "--stack", stack], { cwd, env });
  const entries = Object.entries(configSchema.parse(JSON.parse(printed)));
  return Object.fromEntries(entries.map(([key, { value }]) => [key, value]));
}
