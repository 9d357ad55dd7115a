/** Values for secrets that nobody has to know. */
import { randomBytes } from "node:crypto";
import { settingOf, type SettingKey } from "@proliferate-infra/shared/settings/catalog";
import { InvalidRequest } from "../layer-results.ts";
import type { RotationValues } from "./rotation-request.ts";

/** As long as the keys of AES-256 and of HMAC-SHA-256. */
const RANDOM_BYTES = 32;

/** What a key's values begin with. */
const PREFIXES: Partial<Record<SettingKey, string>> = { llmProxyMasterKey: "sk-" };

/**
 * A random value for each key, in characters that need no escaping anywhere.
 *
 * @throws InvalidRequest when the value of one comes from somebody else.
 */
export function generatedValues(keys: readonly SettingKey[]): RotationValues {
  const issued = keys.filter((key) => settingOf(key).generated !== true);
  if (issued.length > 0) {
    throw new InvalidRequest(
      `${issued.join(", ")}: no value of one's own would do. Leave --generate out, and give the new value on standard input or with --file.`,
    );
  }
  return new Map(keys.map((key) => [key, `${PREFIXES[key] ?? ""}${randomBytes(RANDOM_BYTES).toString("base64url")}`]));
}
