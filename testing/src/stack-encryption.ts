/** Encrypts as Pulumi does, for settings and states that tests write without starting its CLI for each value. */
import { createCipheriv, randomBytes } from "node:crypto";
import { EncryptCommand, type KMSClient } from "@aws-sdk/client-kms";
import { localEnvironment } from "@proliferate-infra/backend/environment/local-names";

/** A stack's data key, plain and as the environment's KMS key encrypts it for settings file and state (base64). */
export interface DataKey {
  readonly plain: Buffer;
  readonly encrypted: string;
}

/** A new data key, encrypted with the key of the local environment in the account that `kms` talks to. */
export async function createDataKey(kms: KMSClient): Promise<DataKey> {
  const plain = randomBytes(32);
  const request = new EncryptCommand({ KeyId: localEnvironment.keyAlias, Plaintext: plain });
  const { CiphertextBlob: blob } = await kms.send(request);
  if (blob === undefined) {
    throw new Error("KMS returned no ciphertext.");
  }
  return { plain, encrypted: Buffer.from(blob).toString("base64") };
}

/** A stack's encrypted value. */
export function encryptValue(dataKey: Buffer, text: string): string {
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", dataKey, nonce);
  const sealed = Buffer.concat([cipher.update(text), cipher.final(), cipher.getAuthTag()]);
  return `v1:${nonce.toString("base64")}:${sealed.toString("base64")}`;
}
