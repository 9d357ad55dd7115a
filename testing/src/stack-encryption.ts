/** Creates data keys of stacks, for tests that write settings and states without Pulumi's CLI. */
import { randomBytes } from "node:crypto";
import { EncryptCommand, type KMSClient } from "@aws-sdk/client-kms";
import { localEnvironment } from "@proliferate-infra/backend/environment/local-names";

/** A stack's data key: plain, and encrypted with the environment's KMS key for settings file and state (base64). */
export interface DataKey {
  readonly plain: Buffer;
  readonly encrypted: string;
}

/** Creates a data key, encrypted with the key of the local environment in the account of `kms`. */
export async function createDataKey(kms: KMSClient): Promise<DataKey> {
  const plain = randomBytes(32);
  const request = new EncryptCommand({ KeyId: localEnvironment.keyAlias, Plaintext: plain });
  const { CiphertextBlob: blob } = await kms.send(request);
  if (blob === undefined) {
    throw new Error("KMS returned no ciphertext.");
  }
  return { plain, encrypted: Buffer.from(blob).toString("base64") };
}
