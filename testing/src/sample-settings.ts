/** The sample configuration as settings of a layer's program. */
import { describeFaults } from "@proliferate-infra/shared/settings/fault";
import { withSecretOutputs, type LayerSettings } from "@proliferate-infra/shared/settings/pulumi-settings";
import { readSettings } from "@proliferate-infra/shared/settings/read-settings";
import type { LayerName } from "@proliferate-infra/shared/layers";
import { sampleConfiguration, type SampleChanges } from "./sample-configuration.ts";

/** Returns the settings of `layer` with `changes`. Secrets are secret outputs. Throws when a change is not allowed. */
export function sampleSettings<Name extends LayerName>(
  layer: Name,
  changes: SampleChanges = {},
  stack = "prod",
): LayerSettings<Name> {
  const { settings, faults } = readSettings(sampleConfiguration(layer, changes, stack));
  if (settings === undefined) {
    throw new Error(describeFaults(faults));
  }
  return withSecretOutputs(layer, settings);
}
