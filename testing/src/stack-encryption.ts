/** Encrypts as Pulumi does, for settings and states that tests make up. */
import { createCipheriv, randomBytes } from "node:crypto";

/** A stack's encrypted value. */
export function encryptValue(dataKey: Buffer, text: string): string {
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", dataKey, nonce);
  const sealed = Buffer.concat([cipher.update(text), cipher.final(), cipher.getAuthTag()]);
  return `v1:${nonce.toString("base64")}:${sealed.toString("base64")}`;
}
