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

/** Decrypted secrets, and those that cannot be decrypted. */
export interface OpenedSecrets {
  /** Decrypted values by layer and full key. Never print them. */
  readonly texts: ReadonlyMap<LayerName, ReadonlyMap<string, string>>;
  readonly locked: readonly LockedLayer[];
  /** Values that are damaged, or encrypted with another key. */
  readonly unreadable: readonly { readonly layer: LayerName; readonly key: string }[];
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
    texts: new Map(opened.map(({ layer, texts }) => [layer, texts])),
    locked: opened.flatMap(({ locked }) => (locked === undefined ? [] : [locked])),
    unreadable: opened.flatMap(({ layer, unreadable }) => unreadable.map((key) => ({ layer, key }))),
  };
}

interface OpenedLayer {
  readonly layer: LayerName;
  readonly texts: ReadonlyMap<string, string>;
  readonly unreadable: readonly string[];
  readonly locked?: LockedLayer;
}

async function openLayer(file: StackFile, env: NodeJS.ProcessEnv, open: OpenKey): Promise<OpenedLayer> {
  const { layer, secretsProvider, encrypted } = file;
  const texts = new Map<string, string>();
  const unreadable: string[] = [];
  if (secretsProvider === undefined) {
    return { layer, texts, unreadable: [...encrypted.keys()] };
  }
  try {
    const dataKey = await open(secretsProvider, env);
    for (const [key, value] of encrypted) {
      const text = decrypted(dataKey, value);
      if (text === undefined) {
        unreadable.push(key);
      } else {
        texts.set(key, text);
      }
    }
    return { layer, texts, unreadable };
  } catch (error) {
    if (error instanceof Error) {
      return { layer, texts, unreadable, locked: { layer, name: error.name, message: error.message } };
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
