/** Settings of the local environment: everything on that the emulator can do, at the lowest numbers. */
import { generateKeyPairSync, randomBytes } from "node:crypto";
import type { LayerName } from "@proliferate-infra/shared/layers";
import { keysOf, type SettingKey } from "@proliferate-infra/shared/settings/catalog";
import { fullKey } from "@proliferate-infra/shared/settings/fault";
import type { PlainValue } from "@proliferate-infra/backend/pulumi-files/edit-stack-file";
import { REGION } from "@proliferate-infra/backend/environment/local-names";

/** Settings of one layer by full key. Secrets are made when they are asked for, a new one each time. */
export interface LocalSettings {
  readonly plain: ReadonlyMap<string, PlainValue>;
  readonly secret: ReadonlyMap<string, () => string>;
}

const plainValues: Partial<Record<SettingKey, PlainValue>> = {
  deploymentProfile: "cloud",
  defaultSandboxProvider: "e2b",
  integrationsEnabled: false,
  // The emulator forgets properties of a single-node cluster, so that every `up` would change it.
  redisReplicationEnabled: true,
  githubAppId: "12345",
  githubAppSlug: "proliferate-local",
  autumnApiUrl: "https://autumn.example.com",
  emailFrom: "Proliferate <noreply@example.com>",
  e2bDomain: "e2b.example.com",
  e2bTemplate: "proliferate-local",
  e2bTemplateAlias: "proliferate-local",
  appUrl: "https://app.example.com",
  s3Bucket: "proliferate-local-files",
  // As many as the lowest number, hence no autoscaling, which the emulator does not have.
  gatewayMaxCount: 1,
  llmProxyMaxCount: 1,
  workerMaxCount: 1,
};

const random = () => randomBytes(32).toString("base64url");

/** What GitHub would hand out: RSA, in the older of the two PEM notations. */
function privateKey(): string {
  const { privateKey: key } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return key.export({ type: "pkcs1", format: "pem" }).toString();
}

const secretValues: Partial<Record<SettingKey, () => string>> = {
  dbPassword: random,
  serviceAuthToken: random,
  userSecretsEncryptionKey: random,
  anthropicApiKey: random,
  betterAuthSecret: random,
  gatewayJwtSecret: random,
  githubAppPrivateKey: privateKey,
  githubAppWebhookSecret: random,
  billingJwtSecret: random,
  autumnApiKey: random,
  resendApiKey: random,
  e2bApiKey: random,
  llmProxyMasterKey: () => `sk-${random()}`,
};

function valuesOf<T>(layer: LayerName, values: Partial<Record<SettingKey, T>>): [string, T][] {
  return keysOf(layer).flatMap((key) => {
    const value = values[key];
    return value === undefined ? [] : [[fullKey(layer, key), value] as [string, T]];
  });
}

/** The local environment's settings of a layer. */
export function localSettings(layer: LayerName): LocalSettings {
  return {
    plain: new Map([["aws:region", REGION], ...valuesOf(layer, plainValues)]),
    secret: new Map(valuesOf(layer, secretValues)),
  };
}
