/** The layers' `Pulumi.<stack>.yaml` as the pre-flight needs them: settings, encrypted values, and what encrypts them. */
import { hasCode, messageOf } from "@proliferate-infra/backend/errors";
import { readFile } from "node:fs/promises";
import { relative } from "node:path";
import type { LayerName } from "@proliferate-infra/shared/layers";
import type { LayerConfiguration } from "@proliferate-infra/shared/settings/read-settings";
import { type Document } from "yaml";
import { z } from "zod";
import {
  parseSettings,
  PASSPHRASE_PROVIDER,
  secretsProviderOf,
} from "@proliferate-infra/backend/pulumi-files/stack-file";
import type { Fault } from "@proliferate-infra/backend/fault";
import {
  configurationOf,
  missingSettingsFix,
  stackFile,
} from "@proliferate-infra/backend/pulumi-files/stack-configuration";
import type { SecretsProvider } from "@proliferate-infra/backend/pulumi-files/secrets";
import { setUpCommand } from "./finding.ts";

/** One layer's file. */
export interface LayerFile {
  readonly layer: LayerName;
  /** Secrets provider in Pulumi's words; undefined when the file names none. */
  readonly provider: string | undefined;
  /** What opens the values; undefined before the first one was encrypted. */
  readonly secretsProvider: SecretsProvider | undefined;
  /** Encrypted values by full key. */
  readonly encrypted: ReadonlyMap<string, string>;
  /** Settings; secrets are encrypted in them. */
  readonly configuration: LayerConfiguration;
}

/** All files that can be read, and what is wrong with the others. */
export interface LayerFiles {
  readonly files: readonly LayerFile[];
  readonly faults: readonly Fault[];
}

const fileSchema = z
  .object({
    secretsprovider: z.string().optional(),
    encryptionsalt: z.string().optional(),
    config: z.record(z.string(), z.unknown()).nullish(),
  })
  .nullish();
const encryptedSchema = z.object({ secure: z.string() });

/** Reads the files of these layers below `root`. */
export async function readLayerFiles(root: string, stack: string, layers: readonly LayerName[]): Promise<LayerFiles> {
  const read = await Promise.all(
    layers.map(async (layer) => {
      const path = stackFile(root, layer, stack);
      return parseLayerFile(layer, stack, relative(root, path), await textOf(path));
    }),
  );
  return {
    files: read.filter((each) => "layer" in each),
    faults: read.filter((each) => "message" in each),
  };
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (hasCode(error, "ENOENT")) {
      return undefined;
    }
    throw error;
  }
}

/** Reads one file's text; undefined when there is none. Pure. */
export function parseLayerFile(
  layer: LayerName,
  stack: string,
  path: string,
  text: string | undefined,
): LayerFile | Fault {
  if (text === undefined) {
    return { message: `${path} is missing: ${stack} has no settings in ${layer}.`, fix: missingSettingsFix(stack) };
  }
  let document: Document;
  try {
    document = parseSettings(path, text);
  } catch (error) {
    return { message: messageOf(error), fix: `Fix it, or move it away and run ${setUpCommand(stack)}` };
  }
  const { success, data } = fileSchema.safeParse(document.toJS());
  if (!success) {
    const message = `${path} is not a stack's settings as Pulumi writes them.`;
    return { message, fix: `Fix it, or move it away and run ${setUpCommand(stack)}` };
  }
  const { secretsprovider, encryptionsalt, config } = data ?? {};
  const values = Object.entries(config ?? {}).flatMap(([key, value]) => {
    const found = encryptedSchema.safeParse(value);
    return found.success ? [[key, found.data.secure] as const] : [];
  });
  return {
    layer,
    // Pulumi removes the provider's name when it writes the salt.
    provider: secretsprovider ?? (encryptionsalt === undefined ? undefined : PASSPHRASE_PROVIDER),
    secretsProvider: secretsProviderOf(document),
    encrypted: new Map(values),
    configuration: configurationOf(layer, stack, config ?? {}),
  };
}
