/**
 * Defines every configuration key of every layer once. Settings readers, example files and docs/configuration.md
 * are made from it. Pulumi stores a key as `<project>:<key>` in each of its layers.
 */
import type * as pulumi from "@pulumi/pulumi";
import { layerNames, type LayerName } from "../layers.ts";
import { commonSettings } from "./common-settings.ts";
import { databaseSettings, maintenanceSettings, redisSettings } from "./data-settings.ts";
import { domainSettings } from "./domain-settings.ts";
import { networkSettings } from "./network-settings.ts";
import { operationsSettings } from "./operations-settings.ts";
import type { ProviderOptions } from "./provider-settings.ts";
import { secretsSettings } from "./secrets-settings.ts";
import { environmentSettings } from "./services-settings.ts";
import type { Setting } from "./setting.ts";
import type { Tags } from "../values/tags.ts";
import { taskSettings } from "./task-settings.ts";

/** All keys. Keys that decide whether others are required come first. */
export const catalog = {
  ...commonSettings,
  ...networkSettings,
  ...maintenanceSettings,
  ...redisSettings,
  ...databaseSettings,
  ...secretsSettings,
  ...environmentSettings,
  ...domainSettings,
  ...taskSettings,
  ...operationsSettings,
} as const satisfies Record<string, Setting>;

type Catalog = typeof catalog;
export type SettingKey = keyof Catalog;

/** Keys of a layer's configuration. */
export type KeysOf<Name extends LayerName> = {
  [Key in SettingKey]: Name extends Catalog[Key]["layers"][number] ? Key : never;
}[SettingKey];

type ValueOf<Key extends SettingKey> = Catalog[Key] extends Setting<infer V> ? V : never;

/** What every layer has: stack name, region, options of its provider, and the keys that are common to all layers. */
interface EnvironmentFacts {
  /** Stack name, such as `prod`. */
  readonly stack: string;
  /** Region, from `aws:region`. */
  readonly region: string;
  /** Other keys `aws:` that the provider gets. */
  readonly provider: ProviderOptions;
  readonly environment: string;
  readonly resourcePrefix: string;
  readonly extraTags: Tags;
}

/** A layer's settings as plain values. Secrets are plain too, so use it for validation only. */
export type PlainSettings<Name extends LayerName> = EnvironmentFacts & {
  readonly [Key in KeysOf<Name>]: ValueOf<Key>;
};

type SecretOf<V> = V extends undefined ? undefined : pulumi.Output<NonNullable<V>>;

/** A layer's settings as its program sees them: secrets are secret outputs. */
export type LayerSettings<Name extends LayerName> = EnvironmentFacts & {
  readonly [Key in KeysOf<Name>]: Catalog[Key]["secret"] extends true ? SecretOf<ValueOf<Key>> : ValueOf<Key>;
};

const entries = Object.entries(catalog) as [SettingKey, Setting][];
const keysByLayer = new Map(
  layerNames.map((layer) => [
    layer,
    entries.filter(([, setting]) => setting.layers.includes(layer)).map(([key]) => key),
  ]),
);

/** Returns a layer's keys in catalog order. */
export function keysOf(layer: LayerName): readonly SettingKey[] {
  return keysByLayer.get(layer) ?? [];
}

/** Returns the key of that name; undefined when the catalog has none. */
export function settingNamed(name: string): SettingKey | undefined {
  return entries.find(([key]) => key === name)?.[0];
}

/** Returns the catalog's entry for a key. */
export function settingOf(key: SettingKey): Setting {
  return catalog[key];
}
