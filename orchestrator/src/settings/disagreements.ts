/** Settings that must be the same in several layers. Pure. */
import { commonValuesOf, shownValue } from "@proliferate-infra/shared/settings/common-values";
import { setCommand, type SettingFault } from "@proliferate-infra/shared/settings/fault";
import type { LayerConfiguration } from "@proliferate-infra/shared/settings/read-settings";

/** A fault for each layer whose value of a common setting differs from that of the first layer with the setting. */
export function disagreements(configurations: readonly LayerConfiguration[]): readonly SettingFault[] {
  const firsts = new Map<string, { readonly in: string; readonly text: string }>();
  return configurations.flatMap((configuration) => {
    const { layer } = configuration;
    return Object.entries(commonValuesOf(configuration)).flatMap(([key, text]) => {
      const first = firsts.get(key) ?? { in: layer, text };
      firsts.set(key, first);
      const message = `is ${shownValue(text)}, but ${shownValue(first.text)} in ${first.in}; the layers of an environment must agree`;
      return first.text === text ? [] : [{ layer, key, message, command: setCommand(configuration, key, false) }];
    });
  });
}
