/** One `Pulumi.<stack>.yaml`: what is missing in it, and changes that leave the rest, comments too, as it is. */
import { readFileSync, writeFileSync } from "node:fs";
import { isMap, isNode, parseDocument, visit, type Document, type YAMLMap } from "yaml";
import { ToolFault } from "../../../tools/lib/tool-fault.mjs";
import type { LocalSettings } from "./local-settings.ts";

/** Pulumi's notation of an encrypted value: a map with this key. */
const ENCRYPTED = "secure";
/** The stack's data key, encrypted by the KMS key. */
const DATA_KEY = "encryptedkey";

/** A stack's settings file. */
export interface StackFile {
  readonly path: string;
  readonly document: Document;
}

/**
 * Reads the file; an empty one when there is none.
 *
 * @throws ToolFault when its secrets come from another provider: then it is not the local environment's.
 */
export function readStackFile(path: string, secretsProvider: string): StackFile {
  const document = parseDocument(readIfThere(path));
  const provider = document.get("secretsprovider");
  const isForeign = (provider !== undefined && provider !== secretsProvider) || document.has("encryptionsalt");
  if (document.errors.length > 0 || isForeign) {
    const wrong = isForeign ? `does not use ${secretsProvider}` : "is not valid YAML";
    throw new ToolFault(`${path} ${wrong}, so it was not made for the local environment.`, {
      mend: "give that stack another name, or move the file away",
    });
  }
  return { path, document };
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") {
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
  writeFileSync(path, document.toString());
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

/** Adds plain settings that are missing; those that are there stay, also when they have another value. */
export function addPlainSettings(file: StackFile, secretsProvider: string, { plain }: LocalSettings): void {
  const { path, document } = file;
  const missing = [...plain].filter(([key]) => !has(document, key));
  if (missing.length === 0 && document.has("secretsprovider")) {
    return;
  }
  document.set("secretsprovider", secretsProvider);
  for (const [key, value] of missing) {
    document.setIn(["config", key], value);
  }
  writeFileSync(path, document.toString());
}

/** Full keys of secrets that are missing, with what makes them. */
export function missingSecrets({ document }: StackFile, { secret }: LocalSettings): [string, () => string][] {
  return [...secret].filter(([key]) => !has(document, key));
}

function configOf(document: Document): YAMLMap | undefined {
  const config = document.get("config");
  return isMap(config) ? config : undefined;
}

function has(document: Document, key: string): boolean {
  return configOf(document)?.has(key) === true;
}
