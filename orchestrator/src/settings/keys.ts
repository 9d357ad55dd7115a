/** The keys that `rollout configure` knows: the catalog's, and `aws:region`, which is described like them. Pure. */
import { layerNames, type LayerName } from "@proliferate-infra/shared/layers";
import { catalog, settingOf, type SettingKey } from "@proliferate-infra/shared/settings/catalog";
import { creationOnly } from "@proliferate-infra/shared/settings/effect";
import { nearestKey, REGION_KEY, regionKind } from "@proliferate-infra/shared/settings/read-settings";
import { required, type DecidingValues, type Setting } from "@proliferate-infra/shared/settings/setting";

/** Name of a key that can be configured. */
export type ConfigurationKey = SettingKey | typeof REGION_KEY;

const regionSetting: Setting = required(regionKind, {
  layers: layerNames,
  secret: false,
  effects: [creationOnly("Set another stack up in the other region.")],
  description: "AWS region of the whole environment.",
  variable: "AWS_REGION",
});

/** All keys. Those that conditions depend on come first. */
export const configurationKeys: readonly ConfigurationKey[] = [REGION_KEY, ...(Object.keys(catalog) as SettingKey[])];

export function descriptionOf(key: ConfigurationKey): Setting {
  return key === REGION_KEY ? regionSetting : settingOf(key);
}

/** Keys of a layer, in the order of all keys. */
export function configurationKeysOf(layer: LayerName): readonly ConfigurationKey[] {
  return configurationKeys.filter((key) => descriptionOf(key).layers.includes(layer));
}

/** The key of that name; undefined when there is none. */
export function keyNamed(name: string): ConfigurationKey | undefined {
  return configurationKeys.find((key) => key === name);
}

/**
 * The message for a `name` that is no key. It repeats the name only next to a similar key, because the name may be a secret in the
 * wrong place.
 */
export function unknownKeyMessage(what: string, name: string): string {
  const nearest = nearestKey(name, configurationKeys);
  return nearest === undefined ? `${what} names no key` : `${what} names the key ${name}; did you mean ${nearest}?`;
}

/** Keys that conditions of other keys depend on, in the order of all keys. Found by calling all conditions. */
export const decidingKeys: readonly ConfigurationKey[] = (() => {
  const asked = new Set<string>();
  const recorder = new Proxy({} as DecidingValues, {
    get: (_, name) => {
      asked.add(String(name));
      // The only value that is never undefined.
      return name === "stack" ? "" : undefined;
    },
  });
  for (const key of configurationKeys) {
    descriptionOf(key).required?.holds(recorder);
  }
  return configurationKeys.filter((key) => asked.has(key));
})();
