/**
 * Decrypts values that Pulumi has encrypted with a stack's data key, without starting it: AES-256-GCM, written as
 * `v1:<nonce>:<ciphertext>` (pulumi/pulumi, sdk/go/common/resource/config/crypt.go). The data key itself is encrypted by
 * a KMS key, or derived from a passphrase with a million rounds of PBKDF2.
 */
import { createDecipheriv, createHmac, pbkdf2 } from "node:crypto";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { z } from "zod";
import { UserError } from "../errors.ts";

/** Schema of a state's secrets provider. */
export const secretsProviderSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("cloud"), state: z.object({ url: z.string(), encryptedkey: z.string() }) }),
  z.object({ type: z.literal("passphrase"), state: z.object({ salt: z.string() }) }),
]);

/** What a stack's secrets are encrypted with, as its state says. */
export type SecretsProvider = z.infer<typeof secretsProviderSchema>;

/** Name of the provider as `pulumi stack init --secrets-provider` takes it. */
export function providerName(provider: SecretsProvider): string {
  return provider.type === "cloud" ? provider.state.url : provider.type;
}

const ROUNDS = 1_000_000;
const KEY_BYTES = 32;
const TAG_BYTES = 16;

/** The stack's data key. Throws what the key's owner says when it may not be used. */
export async function openDataKey(provider: SecretsProvider, env: NodeJS.ProcessEnv): Promise<Buffer> {
  if (provider.type === "passphrase") {
    const [, salt = ""] = provider.state.salt.split(":");
    return derivedKey(await passphrase(env), salt);
  }
  const { protocol, searchParams } = new URL(provider.state.url);
  if (protocol !== "awskms:") {
    throw new UserError(`Secrets of ${provider.state.url} are not supported; use awskms:// or a passphrase.`);
  }
  const { DecryptCommand, KMSClient } = await import("@aws-sdk/client-kms");
  const region = searchParams.get("region");
  const kms = new KMSClient(region === null ? {} : { region });
  const blob = Buffer.from(provider.state.encryptedkey, "base64");
  const { Plaintext: key = new Uint8Array() } = await kms.send(new DecryptCommand({ CiphertextBlob: blob }));
  kms.destroy();
  return Buffer.from(key);
}

const derivedKeys = new Map<string, Promise<Buffer>>();

/** Derived once in a process, though several parts of a run ask for it: a million rounds take a third of a second. */
function derivedKey(text: string, salt: string): Promise<Buffer> {
  const name = `${salt} ${text}`;
  const key =
    derivedKeys.get(name) ?? promisify(pbkdf2)(text, Buffer.from(salt, "base64"), ROUNDS, KEY_BYTES, "sha256");
  derivedKeys.set(name, key);
  return key;
}

async function passphrase({ PULUMI_CONFIG_PASSPHRASE, PULUMI_CONFIG_PASSPHRASE_FILE }: NodeJS.ProcessEnv) {
  if (PULUMI_CONFIG_PASSPHRASE !== undefined) {
    return PULUMI_CONFIG_PASSPHRASE;
  }
  if (PULUMI_CONFIG_PASSPHRASE_FILE === undefined) {
    throw new UserError("PULUMI_CONFIG_PASSPHRASE_FILE must name the file with the passphrase of the secrets.");
  }
  return (await readFile(PULUMI_CONFIG_PASSPHRASE_FILE, "utf8")).trim();
}

/**
 * The plain text of a value.
 *
 * @throws Error when it was encrypted with another key, or is no encrypted value.
 */
export function decryptValue(dataKey: Buffer, encrypted: string): string {
  const [version, nonce = "", text = ""] = encrypted.split(":");
  if (version !== "v1") {
    throw new Error(`Encrypted values of the form ${version ?? ""} are not known.`);
  }
  const sealed = Buffer.from(text, "base64");
  const decipher = createDecipheriv("aes-256-gcm", dataKey, Buffer.from(nonce, "base64"));
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
  return Buffer.concat([decipher.update(sealed.subarray(0, -TAG_BYTES)), decipher.final()]).toString();
}

/** A hash that says nothing without the stack's data key, and is the same for the same text. */
export function keyedHash(dataKey: Buffer, text: string): string {
  return createHmac("sha256", dataKey).update(text).digest("hex");
}
