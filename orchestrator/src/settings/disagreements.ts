/** Settings that must be the same in several layers. Pure. */
import { keysOf, settingOf } from "@proliferate-infra/shared/settings/catalog";
import { fullKey, setCommand, type SettingFault } from "@proliferate-infra/shared/settings/fault";
import type { LayerConfiguration } from "@proliferate-infra/shared/settings/read-settings";

/** A fault for each layer whose value of a common setting differs from that of the first layer with the setting. */
export function disagreements(configurations: readonly LayerConfiguration[]): readonly SettingFault[] {
  const [first, ...others] = configurations;
  return others.flatMap((configuration, index) => {
    const earlier = [first, ...others.slice(0, index)].filter((candidate) => candidate !== undefined);
    const keys = ["aws:region", ...keysOf(configuration.layer).filter((key) => settingOf(key).layers.length > 1)];
    return keys.flatMap((key) => {
      const own = configuration.values.get(fullKey(configuration.layer, key))?.text ?? "not set";
      const reference = earlier.find(
        ({ layer }) => key === "aws:region" || keysOf(layer).some((other) => other === key),
      );
      if (reference === undefined) {
        return [];
      }
      const expected = reference.values.get(fullKey(reference.layer, key))?.text ?? "not set";
      const message = `is ${own}, but ${expected} in ${reference.layer}; the layers of an environment must agree`;
      const command = setCommand(configuration, key, false);
      return own === expected ? [] : [{ layer: configuration.layer, key, message, command }];
    });
  });
}
