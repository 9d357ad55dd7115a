/**
 * Encrypts and decrypts values with a stack's data key as Pulumi does, without starting it: AES-256-GCM, written as
 * `v1:<nonce>:<ciphertext>` (pulumi/pulumi, sdk/go/common/resource/config/crypt.go). The data key itself is encrypted by
 * a KMS key, or derived from a passphrase with a million rounds of PBKDF2.
 */
import { createCipheriv, createDecipheriv, createHmac, pbkdf2, randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import type { KMSClient } from "@aws-sdk/client-kms";
import { z } from "zod";
import { awsClient } from "../aws/client.ts";
import { UserError } from "../errors.ts";

/** Schema of a state's secrets provider. */
export const secretsProviderSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("cloud"), state: z.object({ url: z.string(), encryptedkey: z.string() }) }),
  z.object({ type: z.literal("passphrase"), state: z.object({ salt: z.string() }) }),
]);

/** Secrets provider of a stack, with its encrypted data key or its salt. */
export type SecretsProvider = z.infer<typeof secretsProviderSchema>;

/** Name of the provider as `pulumi stack init --secrets-provider` takes it. */
export function providerName(provider: SecretsProvider): string {
  return provider.type === "cloud" ? provider.state.url : provider.type;
}

const ROUNDS = 1_000_000;
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const SALT_BYTES = 8;
const TAG_BYTES = 16;

/** The passphrase is not the one that has encrypted the stack's secrets. */
class WrongPassphrase extends Error {
  override readonly name = "WrongPassphrase";
}

/**
 * The stack's data key. `kms` is where a KMS key is; without it, where the process's own AWS settings say, which is asked once.
 *
 * @throws WrongPassphrase, or the error of KMS when the key may not be used.
 */
export async function openDataKey(provider: SecretsProvider, env: NodeJS.ProcessEnv, kms?: KMSClient): Promise<Buffer> {
  if (provider.type === "passphrase") {
    // The salt is followed by a known text, encrypted with the passphrase: `v1:<salt>:v1:<nonce>:<text>`.
    const [, salt = "", ...known] = provider.state.salt.split(":");
    const key = await derivedKey(await passphrase(env), salt);
    try {
      decryptValue(key, known.join(":"));
    } catch {
      throw new WrongPassphrase("the passphrase is not the one that encrypted them");
    }
    return key;
  }
  const { url, encryptedkey } = provider.state;
  const { protocol, searchParams } = new URL(url);
  if (protocol !== "awskms:") {
    throw new UserError(`Secrets of ${url} are not supported; use awskms:// or a passphrase.`);
  }
  if (kms !== undefined) {
    return decryptedKey(kms, encryptedkey);
  }
  return once(`${url} ${encryptedkey}`, async () => {
    const { KMSClient } = await import("@aws-sdk/client-kms");
    const client = awsClient(KMSClient, { region: searchParams.get("region") ?? undefined });
    return decryptedKey(client, encryptedkey).finally(() => {
      client.destroy();
    });
  });
}

async function decryptedKey(kms: KMSClient, encrypted: string): Promise<Buffer> {
  const { DecryptCommand } = await import("@aws-sdk/client-kms");
  const request = new DecryptCommand({ CiphertextBlob: Buffer.from(encrypted, "base64") });
  const { Plaintext: key = new Uint8Array() } = await kms.send(request);
  return Buffer.from(key);
}

const dataKeys = new Map<string, Promise<Buffer>>();

/** Makes each data key once for a process, also when that fails. */
function once(name: string, make: () => Promise<Buffer>): Promise<Buffer> {
  const key = dataKeys.get(name) ?? make();
  dataKeys.set(name, key);
  return key;
}

/** A million rounds take a third of a second. */
function derivedKey(text: string, salt: string): Promise<Buffer> {
  const derive = promisify(pbkdf2);
  return once(`${salt} ${text}`, () => derive(text, Buffer.from(salt, "base64"), ROUNDS, KEY_BYTES, "sha256"));
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

/** A data key that is derived from a passphrase, with its provider. */
export interface PassphraseKey {
  readonly provider: Extract<SecretsProvider, { type: "passphrase" }>;
  readonly dataKey: Buffer;
}

/** Derives a data key from the passphrase, with a new salt. */
export async function newPassphraseKey(text: string): Promise<PassphraseKey> {
  const salt = randomBytes(SALT_BYTES).toString("base64");
  const dataKey = await derivedKey(text, salt);
  const known = encryptValue(dataKey, "pulumi");
  return { provider: { type: "passphrase", state: { salt: `v1:${salt}:${known}` } }, dataKey };
}

/** Whether AWS refused to decrypt the data key. An error of another name means that nobody can decrypt it now. */
export function isRefusedByKms(error: unknown): boolean {
  return error instanceof Error && error.name === "AccessDeniedException";
}

/** Encrypts a text with a new nonce, so that equal texts differ when encrypted. */
export function encryptValue(dataKey: Buffer, text: string): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", dataKey, nonce);
  const sealed = Buffer.concat([cipher.update(text), cipher.final(), cipher.getAuthTag()]);
  return `v1:${nonce.toString("base64")}:${sealed.toString("base64")}`;
}

/**
 * The plain text of a value.
 *
 * @throws Error when it is damaged, or encrypted with another key.
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

/** A hash of the text that nobody can compute without the stack's data key. */
export function keyedHash(dataKey: Buffer, text: string): string {
  return createHmac("sha256", dataKey).update(text).digest("hex");
}
