/** A valid configuration of each layer as text. Tests change one value at a time. */
import { keysOf, settingNamed, settingOf, type SettingKey } from "@proliferate-infra/shared/settings/catalog";
import { sampleValues as plainValues } from "@proliferate-infra/shared/settings/sample-values";
import { fullKey } from "@proliferate-infra/shared/settings/fault";
import type { ConfiguredValue, LayerConfiguration } from "@proliferate-infra/shared/settings/read-settings";
import type { LayerName } from "@proliferate-infra/shared/layers";

const PEM = "-----BEGIN RSA PRIVATE KEY-----\nTUlJRXBBSUJBQUtDQVFF\n-----END RSA PRIVATE KEY-----\n";

/** Values of all keys without a default that are required in profile cloud with E2B. */
export const sampleValues: Readonly<Partial<Record<SettingKey, string>>> = {
  ...plainValues,
  dbPassword: "correct-horse_battery",
  serviceAuthToken: "service-token-canary",
  userSecretsEncryptionKey: "user-key-canary",
  anthropicApiKey: "anthropic-canary",
  betterAuthSecret: "better-auth-canary-0123456789abcdef",
  gatewayJwtSecret: "gateway-jwt-canary-0123456789abcdef",
  githubAppPrivateKey: PEM,
  githubAppWebhookSecret: "webhook-canary",
  billingJwtSecret: "billing-jwt-canary-0123456789abcdef",
  autumnApiKey: "autumn-canary",
  resendApiKey: "resend-canary",
  e2bApiKey: "e2b-canary",
  llmProxyMasterKey: "sk-0123456789abcdef0123",
};

/** Changes to the sample: text, undefined to remove a key, or a complete value. */
export type SampleChanges = Readonly<
  Partial<Record<SettingKey | `aws:${string}`, string | ConfiguredValue | undefined>>
>;

/** Tests delete stacks named dev*, so these are not protected. */
function protectionOf(stack: string): SampleChanges {
  return stack.startsWith("dev") ? { protectResources: "false", finalSnapshots: "false" } : {};
}

/** Returns the sample configuration of a layer with `changes`. Ignores keys of other layers. */
export function sampleConfiguration<Name extends LayerName>(
  layer: Name,
  changes: SampleChanges = {},
  stack = "prod",
): LayerConfiguration & { readonly layer: Name } {
  const values = new Map<string, ConfiguredValue>();
  const texts: SampleChanges = { "aws:region": "us-east-1", ...sampleValues, ...protectionOf(stack), ...changes };
  const own = new Set<string>(keysOf(layer));
  for (const [key, value] of Object.entries(texts)) {
    if (value !== undefined && (own.has(key) || key.startsWith("aws:"))) {
      const secret = settingNamed(key) !== undefined && settingOf(key as SettingKey).secret;
      values.set(fullKey(layer, key), typeof value === "string" ? { text: value, secret } : value);
    }
  }
  return { layer, stack, values };
}
