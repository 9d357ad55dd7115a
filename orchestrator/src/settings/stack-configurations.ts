/** The layers' configuration files, and everything that is wrong with them, before any engine starts. */
import type { LayerName } from "@proliferate-infra/shared/layers";
import { keysOf, settingOf } from "@proliferate-infra/shared/settings/catalog";
import { describeFaults, fullKey, setCommand, type SettingFault } from "@proliferate-infra/shared/settings/fault";
import { readStackFiles } from "@proliferate-infra/backend/pulumi-files/stack-file";
import { readSettings, type LayerConfiguration } from "@proliferate-infra/shared/settings/read-settings";
import { isHalfWritten } from "@proliferate-infra/backend/environment/change-folder";
import { UserError } from "@proliferate-infra/backend/errors";

/** Keys of several layers whose configured texts differ; each layer that differs from the first is a fault. */
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

/**
 * Checks the configuration of these layers as far as it can be read without decrypting.
 *
 * @throws UserError that lists everything that is missing or wrong in all of them.
 */
export function checkConfigurations(root: string, stack: string, layers: readonly LayerName[]): void {
  if (isHalfWritten(root, stack)) {
    throw new UserError(
      `A change of ${stack}'s settings was killed while it was written. This finishes it:\n  scripts/configure.sh list --stack ${stack}`,
    );
  }
  const configurations = readStackFiles(root, stack, layers).map(({ configuration }) => configuration);
  const faults = [...configurations.flatMap((each) => readSettings(each).faults), ...disagreements(configurations)];
  if (faults.length > 0) {
    throw new UserError(describeFaults(faults));
  }
}
