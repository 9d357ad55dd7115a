/** Reads and writes the layers' `Pulumi.<stack>.yaml`. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { layerByName, layerNames, type LayerName } from "@proliferate-infra/shared/layers";
import type { SettingKey } from "@proliferate-infra/shared/settings/catalog";
import { fullKey } from "@proliferate-infra/shared/settings/fault";
import type { ConfiguredValue, LayerConfiguration } from "@proliferate-infra/shared/settings/read-settings";
import writeFileAtomic from "write-file-atomic";
import { parseDocument } from "yaml";
import { z } from "zod";
import { missingSettingsFix, setUpCommand } from "../environment/missing-settings.ts";
import { UserError } from "../errors.ts";
import { faultText, type Fault } from "../fault.ts";
import type { SecretsProvider } from "./secrets.ts";

/** Name of the secrets provider that derives its key from a passphrase. */
export const PASSPHRASE_PROVIDER = "passphrase";

export interface StackFile {
  readonly layer: LayerName;
  readonly text: string;
  /** Secrets provider as in `pulumi stack init --secrets-provider`; undefined when the file has none. */
  readonly provider: string | undefined;
  /** Provider with the encrypted data key or the salt; undefined when the file has none. */
  readonly secretsProvider: SecretsProvider | undefined;
  /** Encrypted values by full key. */
  readonly encrypted: ReadonlyMap<string, string>;
  /** Settings; secrets without a text. */
  readonly configuration: LayerConfiguration;
}

/** Path of a layer's file from the repository's root. */
export function stackFileName(layer: LayerName, stack: string): string {
  return join(layerByName(layer).directory, `Pulumi.${stack}.yaml`);
}

/** Path of a layer's file in the repository at `root`. */
export function stackFilePath(root: string, layer: LayerName, stack: string): string {
  return join(root, stackFileName(layer, stack));
}

/** Text of a layer's file, usable or not; undefined when there is none. */
export function stackFileText(root: string, layer: LayerName, stack: string): string | undefined {
  const path = stackFilePath(root, layer, stack);
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}

/** Files that can be read, and faults of the others. */
export interface StackFiles {
  readonly files: readonly StackFile[];
  readonly faults: readonly Fault[];
}

export function findStackFiles(root: string, stack: string, layers: readonly LayerName[]): StackFiles {
  const texts = layers.map((layer) => ({ layer, text: stackFileText(root, layer, stack) }));
  const parsed = texts.flatMap(({ layer, text }) => (text === undefined ? [] : [parse(layer, stack, text)]));
  const missing = texts.filter(({ text }) => text === undefined).map(({ layer }) => stackFileName(layer, stack));
  const missingFault = {
    message: `${stack} has no settings here: ${missing.join(", ")} ${missing.length === 1 ? "is" : "are"} missing.`,
    fix: missingSettingsFix(stack),
  };
  return {
    files: parsed.filter((each) => "layer" in each),
    faults: [...(missing.length > 0 ? [missingFault] : []), ...parsed.filter((each) => "message" in each)],
  };
}

/**
 * The files of these layers, of all layers by default.
 *
 * @throws UserError that lists every file that is missing or unusable.
 */
export function readStackFiles(
  root: string,
  stack: string,
  layers: readonly LayerName[] = layerNames,
): readonly StackFile[] {
  const { files, faults } = findStackFiles(root, stack, layers);
  if (faults.length > 0) {
    throw new UserError(faults.map(faultText).join("\n"));
  }
  return files;
}

/**
 * A layer's file; an empty one when there is none.
 *
 * @throws UserError when the file is unusable.
 */
export function readStackFile(root: string, layer: LayerName, stack: string): StackFile {
  return parseStackFile(layer, stack, stackFileText(root, layer, stack) ?? "");
}

/**
 * A layer's file with this secrets provider or without one; an empty file when there is none.
 *
 * @throws UserError when the file has another provider, or is unusable.
 */
export function readStackFileFor(root: string, layer: LayerName, stack: string, secretsProvider: string): StackFile {
  const file = readStackFile(root, layer, stack);
  if (file.provider !== undefined && file.provider !== secretsProvider) {
    throw new UserError(
      `${stackFileName(layer, stack)} uses ${file.provider}, not ${secretsProvider}. The file belongs to another environment: use another stack name, or move the file away.`,
    );
  }
  return file;
}

/** Text of a layer's setting; undefined when it is not set, or encrypted. */
export function configuredText(root: string, layer: LayerName, stack: string, key: SettingKey): string | undefined {
  return readStackFile(root, layer, stack).configuration.values.get(fullKey(layer, key))?.text;
}

/** Replaces the file's text at once. Returns false when it is the same. */
export function writeStackFile(root: string, { layer, text: before, configuration }: StackFile, text: string): boolean {
  if (text === before) {
    return false;
  }
  writeFileAtomic.sync(stackFilePath(root, layer, configuration.stack), text);
  return true;
}

/**
 * Reads a file's text. Pure.
 *
 * @throws UserError when it is not YAML, or not as Pulumi writes it. The message has no excerpt, because that may be a secret.
 */
export function parseStackFile(layer: LayerName, stack: string, text: string): StackFile {
  const parsed = parse(layer, stack, text);
  if ("message" in parsed) {
    throw new UserError(faultText(parsed));
  }
  return parsed;
}

const fileSchema = z
  .object({
    secretsprovider: z.string().optional(),
    encryptedkey: z.string().optional(),
    encryptionsalt: z.string().optional(),
    config: z.record(z.string(), z.unknown()).nullish(),
  })
  .nullish();
const encryptedSchema = z.object({ secure: z.string() });

function parse(layer: LayerName, stack: string, text: string): StackFile | Fault {
  const refused = (why: string) => ({
    message: `${stackFileName(layer, stack)} is ${why}.`,
    fix: `Fix it, or move it away and run ${setUpCommand(stack)}`,
  });
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error !== undefined) {
    return refused(`not valid YAML (${error.code}, line ${error.linePos?.[0].line ?? 1})`);
  }
  const { success, data } = fileSchema.safeParse(document.toJS());
  if (!success) {
    return refused("not a stack's settings as Pulumi writes them");
  }
  const { secretsprovider, encryptedkey, encryptionsalt, config } = data ?? {};
  const entries = Object.entries(config ?? {});
  return {
    layer,
    text,
    // Pulumi removes the provider's name when it writes the salt.
    provider: secretsprovider ?? (encryptionsalt === undefined ? undefined : PASSPHRASE_PROVIDER),
    secretsProvider: secretsProviderOf(secretsprovider, encryptedkey, encryptionsalt),
    encrypted: new Map(
      entries.flatMap(([key, value]) => {
        const found = encryptedSchema.safeParse(value);
        return found.success ? [[key, found.data.secure]] : [];
      }),
    ),
    configuration: { layer, stack, values: new Map(entries.map(([key, value]) => [key, configuredValue(value)])) },
  };
}

function secretsProviderOf(url?: string, encryptedkey?: string, salt?: string): SecretsProvider | undefined {
  if (salt !== undefined) {
    return { type: PASSPHRASE_PROVIDER, state: { salt } };
  }
  return url === undefined || encryptedkey === undefined ? undefined : { type: "cloud", state: { url, encryptedkey } };
}

function configuredValue(value: unknown): ConfiguredValue {
  if (holdsSecret(value)) {
    return { text: undefined, secret: true };
  }
  return { text: typeof value === "string" ? value : JSON.stringify(value), secret: false };
}

/** Pulumi encrypts a text, or with --path single texts of a list or map. The whole value is secret then. */
function holdsSecret(value: unknown): boolean {
  return typeof value === "object" && value !== null && ("secure" in value || Object.values(value).some(holdsSecret));
}
