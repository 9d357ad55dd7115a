/** Decrypts the layers' secret settings, in memory only, to see whether a deployment could, and whether they are valid. */
import type { LayerName } from "@proliferate-infra/shared/layers";
import { decryptValue, openDataKey, type SecretsProvider } from "@proliferate-infra/backend/pulumi-files/secrets";
import type { StackFile } from "@proliferate-infra/backend/pulumi-files/stack-file";

/** A layer whose secrets nothing opens here. */
export interface LockedLayer {
  readonly layer: LayerName;
  /** Name of the error, such as `DisabledException`. */
  readonly name: string;
  readonly message: string;
}

/** What could be opened. */
export interface OpenedSecrets {
  /** Plain values by layer and full key. Never print them. */
  readonly texts: ReadonlyMap<LayerName, ReadonlyMap<string, string>>;
  readonly locked: readonly LockedLayer[];
  /** Values that another key has encrypted, or that are damaged. */
  readonly unreadable: readonly { readonly layer: LayerName; readonly key: string }[];
}

/** Opens a data key; `openDataKey` unless a test has another. */
export type OpenKey = (provider: SecretsProvider, env: NodeJS.ProcessEnv) => Promise<Buffer>;

/** Opens the secrets of these files. `env` has what opens the keys: AWS credentials, or where the passphrase is. */
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
