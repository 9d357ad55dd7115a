/** Settings of the local environment: everything on that the emulator can do, at the lowest numbers. */
import { generateKeyPairSync } from "node:crypto";
import type { LayerName } from "@proliferate-infra/shared/layers";
import { keysOf, settingOf, type SettingKey } from "@proliferate-infra/shared/settings/catalog";
import { fullKey } from "@proliferate-infra/shared/settings/fault";
import { sampleValues } from "@proliferate-infra/shared/settings/sample-values";
import { readSettings } from "@proliferate-infra/shared/settings/read-settings";
import type { PlainValue } from "@proliferate-infra/backend/pulumi-files/edit-stack-file";
import { LOCAL_STACK, REGION } from "@proliferate-infra/backend/environment/local-names";
import { generateSecret } from "../../settings/generated.ts";

/** Settings of one layer by full key. Secrets are made when they are asked for, a new one each time. */
export interface LocalSettings {
  readonly plain: ReadonlyMap<string, PlainValue>;
  readonly secret: ReadonlyMap<string, () => string>;
}

const plainValues: Partial<Record<SettingKey, PlainValue>> = {
  ...sampleValues,
  // The emulator forgets properties of a single-node cluster, so that every `up` would change it.
  redisReplicationEnabled: true,
  // As many as the lowest number, hence no autoscaling, which the emulator does not have.
  gatewayMaxCount: 1,
  llmProxyMaxCount: 1,
  workerMaxCount: 1,
};

/** Random, but for the GitHub app's key, which is RSA in the older of the two PEM notations. */
function newSecret(key: SettingKey): string {
  if (key !== "githubAppPrivateKey") {
    return generateSecret(key);
  }
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return privateKey.export({ type: "pkcs1", format: "pem" }).toString();
}

/** The local environment's settings of a layer. */
export function localSettings(layer: LayerName): LocalSettings {
  const own = keysOf(layer).flatMap((key) => {
    const value = plainValues[key];
    return value === undefined ? [] : [[fullKey(layer, key), value] as const];
  });
  const plain = new Map<string, PlainValue>([["aws:region", REGION], ...own]);
  const values = new Map([...plain].map(([key, value]) => [key, { text: String(value), secret: false }]));
  const missing = new Set(readSettings({ layer, stack: LOCAL_STACK, values }).faults.map(({ key }) => key));
  const secrets = keysOf(layer).filter((key) => settingOf(key).secret && missing.has(key));
  return { plain, secret: new Map(secrets.map((key) => [fullKey(layer, key), () => newSecret(key)])) };
}
