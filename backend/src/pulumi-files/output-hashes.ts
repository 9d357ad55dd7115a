/**
 * Hashes a layer's outputs, to find out whether one has changed. Pulumi encrypts secrets again in each update, so a secret output is
 * decrypted and hashed with the stack's data key. Its plain text is not stored.
 */
import { digest } from "../digest.ts";
import { messageOf, UserError } from "../errors.ts";
import type { LayerState, StoredOutput } from "./state.ts";
import { decryptValue, isRefusedByKms, keyedHash, openDataKey } from "./secrets.ts";

/** Hash of every output by name. */
export type OutputHashes = Readonly<Record<string, string>>;

/** Stands for the hash of a secret output that AWS refused to decrypt. */
export const UNKNOWN_HASH = "unknown";

export class OutputHasher {
  readonly #env: NodeJS.ProcessEnv;
  readonly #secrets: "needed" | "unknown when refused";

  /** `env` has the AWS credentials, or the variables of the passphrase. */
  constructor(env: NodeJS.ProcessEnv, secrets: "needed" | "unknown when refused" = "needed") {
    this.#env = env;
    this.#secrets = secrets;
  }

  /**
   * Hashes of a state's outputs.
   *
   * @throws UserError when a secret cannot be decrypted.
   */
  async hashes(state: LayerState): Promise<OutputHashes> {
    const hashes = Object.entries(state.outputs).map(
      async ([key, output]) => [key, await this.#hash(key, output, state)] as const,
    );
    return Object.fromEntries(await Promise.all(hashes));
  }

  async #hash(key: string, { value, ciphertext }: StoredOutput, { secretsProvider }: LayerState): Promise<string> {
    if (ciphertext === undefined || secretsProvider === undefined) {
      return digest(value);
    }
    try {
      const dataKey = await openDataKey(secretsProvider, this.#env);
      return keyedHash(dataKey, decryptValue(dataKey, ciphertext));
    } catch (error) {
      if (this.#secrets === "unknown when refused" && isRefusedByKms(error)) {
        return UNKNOWN_HASH;
      }
      throw new UserError(`The secret output ${key} cannot be decrypted: ${messageOf(error)}`);
    }
  }
}
