/**
 * Copies of settings and states for those who cannot decrypt secrets: every secret is a placeholder, encrypted with a key of its own.
 * Pure.
 */
import type { ServiceKey } from "@proliferate-infra/shared/services";
import { keysOf, settingNamed, settingOf } from "@proliferate-infra/shared/settings/catalog";
import { withoutNamespace } from "@proliferate-infra/shared/settings/fault";
import { parse, stringify } from "yaml";
import { z } from "zod";
import { encryptValue, type PassphraseKey } from "./secrets.ts";
import type { StackFile } from "./stack-file.ts";
import { stateWithSecrets, type LayerState } from "./state.ts";

const UNKNOWN = "unknown-secret-that-cannot-be-decrypted";
const DATABASE_URL = "postgresql://unknown:unknown@unknown.invalid:5432/unknown";
/** A placeholder of every form that a secret setting can have. */
const FORMS = [
  UNKNOWN,
  `sk-${UNKNOWN}`,
  DATABASE_URL,
  `-----BEGIN PRIVATE KEY-----\n${UNKNOWN}\n-----END PRIVATE KEY-----\n`,
];
/** Placeholders of secret outputs, of the forms that the contracts require. */
const OUTPUTS: Readonly<Record<string, string>> = {
  databaseUrl: DATABASE_URL,
  redisUrl: `rediss://:${UNKNOWN}@unknown.invalid:6379`,
};

/** Variables that the secrets layer sets itself and that are no setting's. */
const OWN_VARIABLES = ["DATABASE_URL", "REDIS_URL", "LITELLM_MASTER_KEY"];

/**
 * The text of a layer's settings file with placeholders. `secretsState` is the state of the layer secrets: its outputs have the names of
 * the operator's own variables.
 */
export function settingsWithPlaceholders(
  { text }: StackFile,
  { provider, dataKey }: PassphraseKey,
  secretsState: LayerState,
): string {
  const extra = extraVariables(secretsState);
  const { config } = parse(text) as { config?: Readonly<Record<string, unknown>> };
  const entries = Object.entries(config ?? {}).map(([name, value]) => {
    return [name, withPlaceholder(value, encryptValue(dataKey, placeholderOf(withoutNamespace(name), extra)))];
  });
  return stringify({ encryptionsalt: provider.state.salt, config: Object.fromEntries(entries) as unknown });
}

/** A stored state with placeholders. */
export function stateWithPlaceholders(text: string, { provider, dataKey }: PassphraseKey): string {
  const encrypt = (property: string) => encryptValue(dataKey, JSON.stringify(OUTPUTS[property] ?? UNKNOWN));
  return stateWithSecrets(text, provider, encrypt);
}

/** A secret is a text, or with --path one text in a list or map. */
function withPlaceholder(value: unknown, secure: string): unknown {
  if (typeof value !== "object" || value === null) {
    return value;
  }
  if (Array.isArray(value)) {
    return value.map((item) => withPlaceholder(item, secure));
  }
  return "secure" in value
    ? { secure }
    : Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withPlaceholder(item, secure)]));
}

function placeholderOf(name: string, extra: ReadonlyMap<string, readonly string[]>): string {
  const variables = extra.get(name);
  if (variables !== undefined) {
    return JSON.stringify(Object.fromEntries(variables.map((variable) => [variable, UNKNOWN])));
  }
  const key = settingNamed(name);
  return FORMS.find((form) => key === undefined || settingOf(key).kind.parse(form) !== undefined) ?? UNKNOWN;
}

/** Names of the operator's own variables, by the setting that can have them. */
function extraVariables({ outputs }: LayerState): ReadonlyMap<string, readonly string[]> {
  const known = new Set([...OWN_VARIABLES, ...keysOf("secrets").map((key) => settingOf(key).variable)]);
  const extraOf = (service: ServiceKey) => {
    const names = z.array(z.string()).safeParse(outputs[`${service}SecretKeys`]?.value);
    return (names.data ?? []).filter((name) => !known.has(name));
  };
  const [gateway, llmProxy, worker] = [extraOf("gateway"), extraOf("llmProxy"), extraOf("worker")];
  return new Map([
    ["gatewayExtraSecrets", gateway],
    ["llmProxyExtraSecrets", llmProxy],
    ["workerExtraSecrets", worker],
    ["extraSecrets", gateway.filter((name) => worker.includes(name))],
  ]);
}
