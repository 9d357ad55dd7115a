/** Random values for secrets. */
import { randomBytes } from "node:crypto";
import { UserError } from "@proliferate-infra/backend/errors";
import { configurationKeys, descriptionOf, type ConfigurationKey } from "./keys.ts";
import type { KeyOverview } from "./overview.ts";

/** A new value of 32 random bytes. */
export function generateSecret(key: ConfigurationKey): string {
  // base64url has no character that a password of RDS must not have.
  const value = randomBytes(32).toString("base64url");
  return key === "llmProxyMasterKey" ? `sk-${value}` : value;
}

/**
 * New values for these keys.
 *
 * @throws UserError when another service issues the value of one.
 */
export function generatedValues<Key extends ConfigurationKey>(keys: readonly Key[]): ReadonlyMap<Key, string> {
  const issued = keys.filter((key) => descriptionOf(key).generated !== true);
  if (issued.length > 0) {
    throw new UserError(
      `${issued.join(", ")}: only the service that issues these values can make new ones. Leave --generate out, and give the new value on standard input or with --file.`,
    );
  }
  return new Map(keys.map((key) => [key, generateSecret(key)]));
}

/** Keys that are missing and can be generated. */
export function missingGenerated(overview: readonly KeyOverview[]): readonly ConfigurationKey[] {
  const missing = new Set(overview.filter(({ state }) => state === "missing").map(({ key }) => key));
  return configurationKeys.filter((key) => missing.has(key) && descriptionOf(key).generated === true);
}
