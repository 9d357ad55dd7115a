/** Settings of a layer as its program would get them, from the sample configuration. */
import * as pulumi from "@pulumi/pulumi";
import { keysOf, settingOf, type LayerSettings } from "@proliferate-infra/shared/settings/catalog";
import { describeFaults } from "@proliferate-infra/shared/settings/fault";
import { readSettings } from "@proliferate-infra/shared/settings/read-settings";
import type { LayerName } from "@proliferate-infra/shared/layers";
import { sampleConfiguration, type SampleChanges } from "./sample-configuration.ts";

/** Settings of `layer` with `changes`, for the stack `prod` unless another is named. */
export function layerSettings<Name extends LayerName>(
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
  return Object.fromEntries(wrapped) as LayerSettings<Name>;
}
