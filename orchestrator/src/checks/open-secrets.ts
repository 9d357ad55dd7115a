/** Decrypts the layers' secret settings in memory. */
import type { LayerName } from "@proliferate-infra/shared/layers";
import { decryptValue, openDataKey, type SecretsProvider } from "@proliferate-infra/backend/pulumi-files/secrets";
import type { StackFile } from "@proliferate-infra/backend/pulumi-files/stack-file";

/** A layer whose data key cannot be used here. */
export interface LockedLayer {
  readonly layer: LayerName;
  /** Name of the error, such as `DisabledException`. */
  readonly name: string;
  readonly message: string;
}

export interface OpenedSecrets {
  /** Values by layer and full key; undefined when a value is damaged, or encrypted with another key. Never print them. */
  readonly texts: ReadonlyMap<LayerName, ReadonlyMap<string, string | undefined>>;
  readonly locked: readonly LockedLayer[];
}

/** Returns a data key: `openDataKey`, but in tests. */
export type OpenKey = (provider: SecretsProvider, env: NodeJS.ProcessEnv) => Promise<Buffer>;

/** Decrypts the secrets of these files. `env` has the AWS credentials, or the variables of the passphrase. */
export async function openSecrets(
  files: readonly StackFile[],
  env: NodeJS.ProcessEnv,
  open: OpenKey = openDataKey,
): Promise<OpenedSecrets> {
  const opened = await Promise.all(files.map((file) => openLayer(file, env, open)));
  return {
    texts: new Map(opened.flatMap((each) => ("texts" in each ? [[each.layer, each.texts]] : []))),
    locked: opened.filter((each) => "message" in each),
  };
}

interface OpenedLayer {
  readonly layer: LayerName;
  readonly texts: ReadonlyMap<string, string | undefined>;
}

async function openLayer(
  { layer, secretsProvider, encrypted }: StackFile,
  env: NodeJS.ProcessEnv,
  open: OpenKey,
): Promise<OpenedLayer | LockedLayer> {
  try {
    const dataKey = secretsProvider === undefined ? undefined : await open(secretsProvider, env);
    return { layer, texts: new Map([...encrypted].map(([key, value]) => [key, dataKey && decrypted(dataKey, value)])) };
  } catch (error) {
    if (error instanceof Error) {
      return { layer, name: error.name, message: error.message };
    }
    throw error;
  }
}

function decrypted(dataKey: Buffer, value: string): string | undefined {
  try {
    return decryptValue(dataKey, value);
  } catch {
    return undefined;
  }
}
