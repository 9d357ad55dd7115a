/** Converts the texts of a layer's configuration to typed settings, or reports everything that is wrong. Pure. */
import { distance } from "fastest-levenshtein";
import type { LayerName } from "../layers.ts";
import { keysOf, settingNamed, settingOf, type PlainSettings } from "./catalog.ts";
import { brokenRules } from "./cross-checks.ts";
import { fullKey, removeCommand, setCommand, withoutNamespace, type SettingFault } from "./fault.ts";
import { readProviderSettings } from "./provider-settings.ts";
import type { ValidSettings } from "./rule.ts";
import type { Condition, DecidingValues, Setting } from "./setting.ts";
import { text } from "../values/value-kinds.ts";

export interface ConfiguredValue {
  /** Plain text. undefined for a secret that was not decrypted; such a secret counts as valid. */
  readonly text: string | undefined;
  /** Whether the value is encrypted in the configuration. */
  readonly secret: boolean;
}

/** A layer's configuration as Pulumi stores it. */
export interface LayerConfiguration {
  readonly layer: LayerName;
  /** Stack name, such as `prod`. */
  readonly stack: string;
  /** Values by full key, such as `proliferate-network:vpcCidr` or `aws:region`. */
  readonly values: ReadonlyMap<string, ConfiguredValue>;
}

/** Settings, or the faults that must be fixed first. */
export type SettingsResult<Name extends LayerName> =
  | { readonly settings: PlainSettings<Name>; readonly faults: readonly [] }
  | { readonly settings: undefined; readonly faults: readonly SettingFault[] };

/** Placeholder for a secret that was not decrypted. Rules about secrets only check whether they are set. */
const ENCRYPTED = "[encrypted]";
/** Region of the AWS provider, required in every layer. */
export const REGION_KEY = "aws:region";
export const regionKind = text("a region such as us-east-1", /^[a-z]{2}(?:-[a-z]+)+-\d$/);

/** Reads all settings of a layer, checks each one and the rules between them, and returns all faults together. */
export function readSettings<Name extends LayerName>(
  configuration: LayerConfiguration & { readonly layer: Name },
): SettingsResult<Name> {
  const { valid, faults } = readValues(configuration);
  // Without faults, every key of the layer has a value of the type that its kind parses to.
  return faults.length > 0 ? { settings: undefined, faults } : { settings: valid as PlainSettings<Name>, faults: [] };
}

/** Returns the settings that are valid by themselves, by key, defaults among them. */
export function validSettings(configuration: LayerConfiguration): ValidSettings {
  return readValues(configuration).valid;
}

function readValues(configuration: LayerConfiguration): {
  readonly valid: ValidSettings;
  readonly faults: readonly SettingFault[];
} {
  const { layer, stack, values } = configuration;
  const faults: SettingFault[] = [];
  const fault = (key: string, message: string, secret: boolean, command?: string) => {
    faults.push({ layer, key, message, command: command ?? setCommand(configuration, key, secret) });
  };
  const valid: Record<string, unknown> = { stack };
  const region = values.get(REGION_KEY)?.text ?? "";
  if (regionKind.parse(region) !== undefined) {
    valid.region = region;
  } else {
    fault(REGION_KEY, `${region === "" ? "is missing" : `is "${region}"`}; it must be ${regionKind.allowed}`, false);
  }
  const provider = readProviderSettings(configuration);
  valid.provider = provider.options;
  // The catalog lists keys that decide about others first, so conditions can read them.
  const deciding = valid as unknown as DecidingValues;
  for (const key of keysOf(layer)) {
    const setting = settingOf(key);
    const outcome = readSetting(setting, values.get(fullKey(layer, key)), deciding);
    if (outcome.message === undefined) {
      valid[key] = outcome.value;
    } else {
      fault(key, outcome.message, setting.secret, outcome.command?.(key, stack));
    }
  }
  faults.push(...provider.faults, ...unknownKeys(configuration), ...foreignKeys(configuration));
  for (const { key, message } of brokenRules(layer, valid)) {
    fault(key, message, settingOf(key).secret);
  }
  return { valid, faults };
}

/** It generates the value in a new environment. In a deployed one it refuses, and names the command that gets the value in use. */
const generateCommand: Condition["command"] = (_key, stack) => `./rollout configure --stack ${stack}`;

type Outcome =
  | { readonly message?: undefined; readonly value: unknown }
  | { readonly message: string; readonly command?: Condition["command"] };

function readSetting(setting: Setting, configured: ConfiguredValue | undefined, values: DecidingValues): Outcome {
  const { kind, required } = setting;
  if (configured === undefined) {
    if (required?.holds(values) === true) {
      const reason = required.when === "always" ? "" : ` because ${required.when}`;
      const command = required.command ?? (setting.generated === true ? generateCommand : undefined);
      return { message: `is missing${reason}; it must be ${kind.allowed}`, command };
    }
    return { value: setting.default?.value(values) };
  }
  if (setting.secret && !configured.secret) {
    return { message: "is a secret but stored as plain text; also replace the value itself, because it was readable" };
  }
  if (configured.text === undefined) {
    return { value: ENCRYPTED };
  }
  const value = kind.parse(configured.text);
  if (value === undefined) {
    const found = setting.secret ? "has a value that is not allowed" : `is "${configured.text}"`;
    return { message: `${found}; ${kind.reasonAgainst?.(configured.text) ?? `it must be ${kind.allowed}`}` };
  }
  return { value };
}

/** Returns a fault for each key in the layer's namespace that the catalog does not have for that layer. */
function unknownKeys(configuration: LayerConfiguration): SettingFault[] {
  const { layer, values } = configuration;
  const namespace = fullKey(layer, "");
  const known = new Set(keysOf(layer).map((key) => fullKey(layer, key)));
  const unknown = [...values.keys()].filter((key) => key.startsWith(namespace) && !known.has(key));
  return unknown.map((name) => {
    const key = name.slice(namespace.length);
    const nearest = nearestKey(key, keysOf(layer));
    const message = `is not a key of this layer${nearest === undefined ? "" : `; did you mean ${nearest}?`}`;
    return { layer, key, message, command: removeCommand(configuration, key) };
  });
}

/** Keys of our other projects, such as the single project that the layers replaced. No program reads them in this layer. */
function foreignKeys(configuration: LayerConfiguration): SettingFault[] {
  const { layer, values } = configuration;
  const own = fullKey(layer, "");
  const foreign = [...values.keys()].filter((name) => /^proliferate-\w+:/.test(name) && !name.startsWith(own));
  return foreign.map((name) => {
    const key = settingNamed(withoutNamespace(name));
    const places = key === undefined ? [] : settingOf(key).layers.map((each) => fullKey(each, key));
    const message = `is not read in this layer${places.length === 0 ? "" : `; the setting is ${places.join(", ")}`}`;
    return { layer, key: name, message, command: removeCommand(configuration, name) };
  });
}

/** Returns the known key that differs from `key` by at most two typos; undefined when there is none. */
export function nearestKey<Key extends string>(key: string, known: readonly Key[]): Key | undefined {
  const MOST_TYPOS = 2;
  return known.find((candidate) => distance(key.toLowerCase(), candidate.toLowerCase()) <= MOST_TYPOS);
}
