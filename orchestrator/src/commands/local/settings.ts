/** Settings of the local environment: everything on that the emulator can do, at the lowest numbers. */
import { generateKeyPairSync } from "node:crypto";
import type { LayerName } from "@proliferate-infra/shared/layers";
import { keysOf, settingOf, type SettingKey } from "@proliferate-infra/shared/settings/catalog";
import { fullKey } from "@proliferate-infra/shared/settings/fault";
import { readSettings, type LayerConfiguration } from "@proliferate-infra/shared/settings/read-settings";
import { sampleValues } from "@proliferate-infra/shared/settings/sample-values";
import type { PlainValue } from "@proliferate-infra/backend/pulumi-files/edit-stack-file";
import { generateSecret } from "../../settings/generated.ts";

const plainValues: Partial<Record<SettingKey, PlainValue>> = {
  ...sampleValues,
  // The emulator forgets properties of a single-node cluster, so that every `up` would change it.
  redisReplicationEnabled: true,
  // As many as the lowest number, hence no autoscaling, which the emulator does not have.
  gatewayMaxCount: 1,
  llmProxyMaxCount: 1,
  workerMaxCount: 1,
};

/** Plain settings of a layer, by full key, beside region and defaults. */
export function localSettings(layer: LayerName): ReadonlyMap<string, PlainValue> {
  const values = keysOf(layer).map((key) => [fullKey(layer, key), plainValues[key]] as const);
  return new Map(values.flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])));
}

/** New values for the secrets that a layer needs with its plain settings and does not have, by full key. */
export function missingSecrets(configuration: LayerConfiguration): ReadonlyMap<string, string> {
  const { layer, values } = configuration;
  const { faults } = readSettings(configuration);
  const isMissing = (key: SettingKey) => !values.has(fullKey(layer, key)) && faults.some((fault) => fault.key === key);
  const missing = keysOf(layer).filter((key) => settingOf(key).secret && isMissing(key));
  return new Map(missing.map((key) => [fullKey(layer, key), newSecret(key)]));
}

/** Random, but for the GitHub app's key, which is RSA in the older of the two PEM notations. */
function newSecret(key: SettingKey): string {
  if (key !== "githubAppPrivateKey") {
    return generateSecret(key);
  }
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return privateKey.export({ type: "pkcs1", format: "pem" }).toString();
}
