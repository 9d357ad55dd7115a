/** The state of each key of an environment, for `list` and the wizard. Pure. */
import type { LayerName } from "@proliferate-infra/shared/layers";
import { fullKey, type SettingFault } from "@proliferate-infra/shared/settings/fault";
import { readSettings, REGION_KEY, type LayerConfiguration } from "@proliferate-infra/shared/settings/read-settings";
import { textOf, type DecidingValues } from "@proliferate-infra/shared/settings/setting";
import { disagreements } from "./disagreements.ts";
import { configurationKeys, descriptionOf, type ConfigurationKey } from "./keys.ts";

/** `wrong`: the value or the default is not allowed, or the layers differ. */
type KeyState = "set" | "default" | "missing" | "not needed" | "wrong";

/** One key of an environment. */
export interface KeyOverview {
  readonly key: ConfigurationKey;
  readonly layers: readonly LayerName[];
  readonly secret: boolean;
  readonly state: KeyState;
  /** Set value or default; undefined for a secret, and without either. */
  readonly value: string | undefined;
  /** Why the key is required, such as `integrationsEnabled is true`; undefined when it is not. */
  readonly requiredBecause: string | undefined;
  /** What is wrong, as text after the key's name; undefined when nothing is. */
  readonly problem: string | undefined;
}

/** Every key, in the order of all keys. */
export function overviewOf(configurations: readonly LayerConfiguration[]): readonly KeyOverview[] {
  const faults = [...configurations.flatMap((each) => readSettings(each).faults), ...disagreements(configurations)];
  // Conditions get the values read so far. Keys that they depend on come first.
  const values: Record<string, unknown> = { stack: configurations[0]?.stack };
  return configurationKeys.map((key) => {
    const overview = overviewOfKey(key, configurations, faults, values as unknown as DecidingValues);
    const typed = overview.value === undefined ? undefined : descriptionOf(key).kind.parse(overview.value);
    values[key === REGION_KEY ? "region" : key] = typed;
    return overview;
  });
}

function overviewOfKey(
  key: ConfigurationKey,
  configurations: readonly LayerConfiguration[],
  faults: readonly SettingFault[],
  values: DecidingValues,
): KeyOverview {
  const { layers, secret, required, default: fallback } = descriptionOf(key);
  const configured = configurations
    .filter(({ layer }) => layers.includes(layer))
    .map((configuration) => configuration.values.get(fullKey(configuration.layer, key)))
    .find((value) => value !== undefined);
  const defaultValue = fallback?.value(values);
  const isRequired = required?.holds(values) === true;
  const problem = faults.find((fault) => fault.key === key)?.message;
  const unset = isRequired ? "missing" : fallback === undefined ? "not needed" : "default";
  const state = configured === undefined ? unset : "set";
  const shownDefault = defaultValue === undefined ? undefined : textOf(defaultValue);
  const text = configured === undefined ? shownDefault : configured.text;
  return {
    key,
    layers,
    secret,
    state: problem === undefined || state === "missing" ? state : "wrong",
    value: secret ? undefined : text,
    requiredBecause: isRequired ? required.when : undefined,
    problem,
  };
}
