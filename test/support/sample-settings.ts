/** The sample configuration as a layer's program sees it. */
import * as pulumi from "@pulumi/pulumi";
import { keysOf, settingOf, type LayerSettings } from "@proliferate-infra/shared/settings/catalog";
import { describeFaults } from "@proliferate-infra/shared/settings/fault";
import { readSettings } from "@proliferate-infra/shared/settings/read-settings";
import type { LayerName } from "@proliferate-infra/shared/layers";
import { sampleConfiguration, type SampleChanges } from "./sample-configuration.ts";

/** Settings of `layer` with `changes`; secrets are secret outputs. Fails when the changes are not allowed. */
export function sampleSettings<Name extends LayerName>(
  layer: Name,
  changes: SampleChanges = {},
  stack = "prod",
): LayerSettings<Name> {
  const { settings, faults } = readSettings(sampleConfiguration(layer, changes, stack));
  if (settings === undefined) {
    throw new Error(describeFaults(faults));
  }
  const secrets = new Set<string>(keysOf(layer).filter((key) => settingOf(key).secret));
  const wrapped = Object.entries(settings).map(([key, value]) => {
    return [key, secrets.has(key) && value !== undefined ? pulumi.secret(value) : value];
  });
  // Only secrets were wrapped, which is what LayerSettings says of them.
  return Object.fromEntries(wrapped) as LayerSettings<Name>;
}
