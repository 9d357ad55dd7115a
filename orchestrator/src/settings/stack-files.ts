/** The layers' Pulumi.<stack>.yaml as texts: reading all of them, and editing one so that everything else stays as it is. */
import { existsSync, readFileSync } from "node:fs";
import { layerNames, type LayerName } from "@proliferate-infra/shared/layers";
import { fullKey } from "@proliferate-infra/shared/settings/fault";
import type { LayerConfiguration } from "@proliferate-infra/shared/settings/read-settings";
import { isMap, isScalar, parseDocument, YAMLMap, type Document } from "yaml";
import { parseSettings, settingsText } from "@proliferate-infra/backend/pulumi-files/stack-file";
import { UserError } from "@proliferate-infra/backend/errors";
import {
  missingSettingsFix,
  parseStackFile,
  stackFile,
} from "@proliferate-infra/backend/pulumi-files/stack-configuration";
import type { LayerWrites } from "./plan-changes.ts";

/** One layer's file. */
export interface StackFile {
  readonly layer: LayerName;
  readonly path: string;
  readonly text: string;
  /** What it says; secrets encrypted, hence without a text. */
  readonly configuration: LayerConfiguration;
}

/**
 * Reads the files of all layers.
 *
 * @throws UserError when one is missing, which a set-up fixes, or is not YAML.
 */
export function readStackFiles(root: string, stack: string): readonly StackFile[] {
  const missing = layerNames.filter((layer) => !existsSync(stackFile(root, layer, stack)));
  if (missing.length > 0) {
    throw new UserError(`The stack "${stack}" has no file in: ${missing.join(", ")}.\n${missingSettingsFix(stack)}`);
  }
  return layerNames.map((layer) => {
    const path = stackFile(root, layer, stack);
    const text = readFileSync(path, "utf8");
    return { layer, path, text, configuration: parseStackFile(layer, stack, text, path) };
  });
}

/** The file's text after the writes, with secrets as `encrypted` has them by full key. Everything else stays as it is. */
export function editStackFile(
  text: string,
  { plain, removed }: LayerWrites,
  encrypted: ReadonlyMap<string, string>,
): string {
  const document = parseDocument(text);
  const config = configOf(document);
  for (const key of removed) {
    config.delete(key);
  }
  for (const [key, value] of plain) {
    setPlain(config, key, value);
  }
  for (const [key, secure] of encrypted) {
    config.set(key, document.createNode({ secure }));
  }
  return settingsText(document);
}

/** Encrypted values by the full key of a layer's setting, such as `proliferate-data:dbPassword`. */
export type EncryptedValues = Readonly<Record<string, string>>;

/** The encrypted values of these keys in the file; a key without one, or with a plain one, is left out. */
export function encryptedIn({ layer, path, text }: StackFile, keys: readonly string[]): EncryptedValues {
  const document = parseSettings(path, text);
  const names = keys.map((key) => fullKey(layer, key));
  const values = names.map((name) => [name, document.getIn(["config", name, "secure"])]);
  return Object.fromEntries(values.filter(([, value]) => typeof value === "string")) as EncryptedValues;
}

/** The file's text with encrypted values put in place of those that it has. */
export function withEncrypted({ path, text }: StackFile, values: EncryptedValues): string {
  const document = parseSettings(path, text);
  const present = Object.entries(values).filter(([key]) => document.hasIn(["config", key]));
  for (const [key, value] of present) {
    document.setIn(["config", key, "secure"], value);
  }
  return settingsText(document);
}

function configOf(document: Document): YAMLMap {
  const existing = document.get("config");
  if (isMap(existing)) {
    return existing;
  }
  const config = new YAMLMap();
  document.set("config", config);
  return config;
}

/** Changes a value in place, so that a comment behind it stays. */
function setPlain(config: YAMLMap, key: string, value: string): void {
  const existing = config.get(key, true);
  if (isScalar(existing)) {
    existing.value = value;
  } else {
    config.set(key, value);
  }
}
