/** One `Pulumi.<stack>.yaml`: what is missing in it, and changes that leave the rest, comments too, as it is. */
import { readFileSync, writeFileSync } from "node:fs";
import { isMap, isNode, parseDocument, visit, type Document, type YAMLMap } from "yaml";
import { hasCode, UserError } from "../errors.ts";
import { secretsProviderSchema, type SecretsProvider } from "./secrets.ts";

/** Pulumi's notation of an encrypted value: a map with this key. */
const ENCRYPTED = "secure";
/** The stack's data key, encrypted by the KMS key. */
const DATA_KEY = "encryptedkey";

/** Where the passphrase's salt stands instead of a provider's name. */
const PASSPHRASE_SALT = "encryptionsalt";
/** Secrets provider of stacks whose secrets are encrypted with a passphrase, in Pulumi's words. */
export const PASSPHRASE_PROVIDER = "passphrase";

/** A value as it stands in YAML. */
export type PlainValue = string | number | boolean;

/** A stack's settings file. */
export interface StackFile {
  readonly path: string;
  readonly document: Document;
}

/**
 * The text of the file at `path` as a document that can be changed.
 *
 * @throws UserError when it is not YAML. It names the line without quoting it, because a secret may stand there as plain text.
 */
export function parseSettings(path: string, text: string): Document {
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error !== undefined) {
    throw new UserError(`${path} is not valid YAML (${error.code}, line ${error.linePos?.[0].line ?? 1}).`);
  }
  return document;
}

/** The text of a document; long lines stay as they are. */
export function settingsText(document: Document): string {
  return document.toString({ lineWidth: 0 });
}

/**
 * Reads the file; an empty one when there is none.
 *
 * @throws UserError when it is not YAML.
 */
export function readStackFile(path: string): StackFile {
  return { path, document: parseSettings(path, readIfThere(path)) };
}

/** Secrets provider that the file's secrets are for; undefined before there is one. */
export function providerOf({ document }: StackFile): string | undefined {
  const provider = document.get("secretsprovider");
  // Pulumi removes the provider's name when it writes the salt.
  return typeof provider === "string" ? provider : document.has(PASSPHRASE_SALT) ? PASSPHRASE_PROVIDER : undefined;
}

/** What the data key of a file's secrets is opened with; undefined before there is a data key. */
export function secretsProviderOf(document: Document): SecretsProvider | undefined {
  const [url, encryptedkey, salt] = ["secretsprovider", DATA_KEY, PASSPHRASE_SALT].map((name) => document.get(name));
  const found =
    salt === undefined
      ? { type: "cloud", state: { url, encryptedkey } }
      : { type: PASSPHRASE_PROVIDER, state: { salt } };
  return secretsProviderSchema.safeParse(found).data;
}

/** Gives a file without a data key the one that the stack's state has. */
export function addDataKey({ path, document }: StackFile, provider: SecretsProvider): void {
  if (secretsProviderOf(document) !== undefined) {
    return;
  }
  if (provider.type === "passphrase") {
    document.set(PASSPHRASE_SALT, provider.state.salt);
  } else {
    document.set(DATA_KEY, provider.state.encryptedkey);
  }
  writeFileSync(path, settingsText(document));
}

/**
 * Reads a file whose secrets are for that provider, or for none yet.
 *
 * @throws UserError when they are for another one.
 */
export function readStackFileFor(path: string, secretsProvider: string): StackFile {
  const file = readStackFile(path);
  const provider = providerOf(file);
  if (provider !== undefined && provider !== secretsProvider) {
    throw new UserError(
      `${path} uses ${provider}, not ${secretsProvider}: it was made for something else. Give that stack another name, or move the file away.`,
    );
  }
  return file;
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (hasCode(error, "ENOENT")) {
      return "";
    }
    throw error;
  }
}

/** Removes encrypted values and the data key. Returns whether there were any. */
export function removeEncrypted({ path, document }: StackFile): boolean {
  const config = configOf(document);
  const encrypted = config?.items.filter(({ value }) => containsEncrypted(value)) ?? [];
  for (const { key } of encrypted) {
    config?.delete(key);
  }
  const hadDataKey = document.has(DATA_KEY);
  if (encrypted.length === 0 && !hadDataKey) {
    return false;
  }
  if (hadDataKey) {
    document.delete(DATA_KEY);
  }
  writeFileSync(path, settingsText(document));
  return true;
}

function containsEncrypted(value: unknown): boolean {
  let found = false;
  if (isNode(value)) {
    visit(value, {
      Map: (_, map) => {
        found ||= map.has(ENCRYPTED);
      },
    });
  }
  return found;
}

/** Adds provider and plain settings that are missing; those that are there stay, also when they have another value. */
export function addPlainSettings(
  file: StackFile,
  secretsProvider: string,
  plain: ReadonlyMap<string, PlainValue>,
): void {
  const { path, document } = file;
  const missing = [...plain].filter(([key]) => !has(document, key));
  const lacksProvider = providerOf(file) === undefined;
  if (missing.length === 0 && !lacksProvider) {
    return;
  }
  if (lacksProvider) {
    document.set("secretsprovider", secretsProvider);
  }
  for (const [key, value] of missing) {
    document.setIn(["config", key], value);
  }
  writeFileSync(path, settingsText(document));
}

/** Value of a plain setting as text; undefined when it is missing. */
export function plainSetting({ document }: StackFile, key: string): string | undefined {
  const value = configOf(document)?.get(key);
  return value === undefined || typeof value === "string" ? value : JSON.stringify(value);
}

/** Full keys of secrets that are missing, with what makes them. */
export function missingSecrets(
  { document }: StackFile,
  secret: ReadonlyMap<string, () => string>,
): [string, () => string][] {
  return [...secret].filter(([key]) => !has(document, key));
}

function configOf(document: Document): YAMLMap | undefined {
  const config = document.get("config");
  return isMap(config) ? config : undefined;
}

function has(document: Document, key: string): boolean {
  return configOf(document)?.has(key) === true;
}
