/**
 * The values of common settings in one layer, in a form that two layers can be compared in: those of two settings files, or those of a
 * settings file and of what an upstream was deployed with. Pure.
 */
import { z } from "zod";
import { keysOf, settingNamed, settingOf, type SettingKey } from "./catalog.ts";
import { fullKey } from "./fault.ts";
import { REGION_KEY, validSettings, type LayerConfiguration } from "./read-settings.ts";
import type { LayerName } from "../layers.ts";
import { textOf } from "./setting.ts";

/** Schema of common values: texts as in a settings file, by key or `aws:region`; empty for a setting without a value. */
export const commonValuesSchema = z.record(z.string(), z.string());

export type CommonValues = Readonly<z.infer<typeof commonValuesSchema>>;

/** Whether the layer reads the setting's value from an upstream when it has none of its own. */
export function isInherited(layer: LayerName, key: string): boolean {
  const name = settingNamed(key);
  const { inherited, layers: [first] = [] } = name === undefined ? {} : settingOf(name);
  return inherited === true && layer !== first;
}

/** The layer's settings that it must read from its upstreams, because it has no value of its own. */
export function inheritedKeys({ layer, values }: LayerConfiguration): readonly SettingKey[] {
  return keysOf(layer).filter((key) => isInherited(layer, key) && !values.has(fullKey(layer, key)));
}

/**
 * The values that a configuration gives to common settings; a setting that is not set has its default. Left out are invalid values,
 * which have faults of their own; encrypted values, which nothing may show; and inherited ones.
 */
export function commonValuesOf(configuration: LayerConfiguration): CommonValues {
  const { layer, values } = configuration;
  const { region, ...valid } = validSettings(configuration);
  const inherited = inheritedKeys(configuration);
  const keys = keysOf(layer).filter((key) => settingOf(key).layers.length > 1 && !inherited.includes(key));
  const plain = keys.filter((key) => key in valid && values.get(fullKey(layer, key))?.secret !== true);
  const entries: (readonly [string, unknown])[] = plain.map((key) => [key, valid[key]]);
  const all = region === undefined ? entries : [[REGION_KEY, region] as const, ...entries];
  return Object.fromEntries(
    all.map(([key, value]): [string, string] => [key, value === undefined ? "" : textOf(value)]),
  );
}

/** A common value in a message. */
export function shownValue(text: string): string {
  return text === "" ? "not set" : text;
}
