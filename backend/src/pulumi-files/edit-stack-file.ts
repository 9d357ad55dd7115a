/** Changes the text of a `Pulumi.<stack>.yaml`. Everything else in it stays as it is, including comments. Pure. */
import { isMap, isScalar, parseDocument, YAMLMap, type Document } from "yaml";
import type { SecretsProvider } from "./secrets.ts";
import type { StackFile } from "./stack-file.ts";

export type PlainValue = string | number | boolean;

/** Changes by full key. */
interface StackFileWrites {
  readonly plain: ReadonlyMap<string, PlainValue>;
  readonly encrypted: ReadonlyMap<string, string>;
  readonly removed: readonly string[];
}

interface NeededSettings {
  /** As in `pulumi stack init --secrets-provider`. */
  readonly secretsProvider: string;
  /** Plain settings by full key. */
  readonly plain: ReadonlyMap<string, PlainValue>;
  /** Data key in the stack's state; undefined without a state. */
  readonly dataKey?: SecretsProvider | undefined;
}

const DATA_KEY = "encryptedkey";

export function withWrites({ text }: StackFile, { plain, encrypted, removed }: StackFileWrites): string {
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
  return textOf(document);
}

/** Replaces encrypted values, by full key. Settings that the file does not have are left out. */
export function withEncrypted({ text, configuration }: StackFile, values: Readonly<Record<string, string>>): string {
  const document = parseDocument(text);
  const present = Object.entries(values).filter(([key]) => configuration.values.has(key));
  for (const [key, value] of present) {
    document.setIn(["config", key, "secure"], value);
  }
  return textOf(document);
}

/** Adds what the file does not have. */
export function withMissing(file: StackFile, { secretsProvider, plain, dataKey }: NeededSettings): string {
  const { text, provider, configuration } = file;
  const missing = [...plain].filter(([key]) => !configuration.values.has(key));
  const addedKey = file.secretsProvider === undefined ? dataKey : undefined;
  if (missing.length === 0 && provider !== undefined && addedKey === undefined) {
    return text;
  }
  const document = parseDocument(text);
  if (provider === undefined) {
    document.set("secretsprovider", secretsProvider);
  }
  for (const [key, value] of missing) {
    setPlain(configOf(document), key, value);
  }
  if (addedKey?.type === "passphrase") {
    document.set("encryptionsalt", addedKey.state.salt);
  } else if (addedKey !== undefined) {
    document.set(DATA_KEY, addedKey.state.encryptedkey);
  }
  return textOf(document);
}

/** Removes secrets and the data key. */
export function withoutEncrypted({ text, configuration }: StackFile): string {
  const document = parseDocument(text);
  const secrets = [...configuration.values].filter(([, { secret }]) => secret);
  if (secrets.length === 0 && !document.has(DATA_KEY)) {
    return text;
  }
  for (const [key] of secrets) {
    document.deleteIn(["config", key]);
  }
  document.delete(DATA_KEY);
  return textOf(document);
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

/** Changes a value in place, so that the comment behind it stays. */
function setPlain(config: YAMLMap, key: string, value: PlainValue): void {
  const existing = config.get(key, true);
  if (isScalar(existing)) {
    existing.value = value;
  } else {
    config.set(key, value);
  }
}

/** Does not wrap long lines. */
function textOf(document: Document): string {
  return document.toString({ lineWidth: 0 });
}
