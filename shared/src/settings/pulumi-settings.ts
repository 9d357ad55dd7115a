/** Settings of the layer whose program is running, from Pulumi's configuration. */
import * as pulumi from "@pulumi/pulumi";
import type { LayerName } from "../layers.ts";
import { keysOf, settingOf, type LayerSettings, type PlainSettings } from "./catalog.ts";
import { describeFaults } from "./fault.ts";
import { readSettings, type LayerConfiguration } from "./read-settings.ts";

export type { LayerSettings } from "./catalog.ts";

/** Part of the SDK's runtime, though not of its declarations: whether a key's value is encrypted in the configuration. */
const { isConfigSecret } = pulumi.runtime as unknown as { isConfigSecret: (key: string) => boolean };

function currentConfiguration<Name extends LayerName>(layer: Name): LayerConfiguration & { readonly layer: Name } {
  const entries = Object.entries(pulumi.runtime.allConfig()).map(([key, text]) => {
    return [key, { text, secret: isConfigSecret(key) }] as const;
  });
  return { layer, stack: pulumi.getStack(), values: new Map(entries) };
}

/**
 * Settings of `layer`, checked. Secrets are secret outputs.
 *
 * @throws pulumi.RunError that lists every fault with the command that fixes it.
 */
export function readLayerSettings<Name extends LayerName>(layer: Name): LayerSettings<Name> {
  const { settings, faults } = readSettings(currentConfiguration(layer));
  if (settings === undefined) {
    throw new pulumi.RunError(describeFaults(faults));
  }
  return withSecretOutputs(layer, settings);
}

/** Checked plain settings as a program sees them: secrets become secret outputs. */
export function withSecretOutputs<Name extends LayerName>(
  layer: Name,
  settings: PlainSettings<Name>,
): LayerSettings<Name> {
  const secrets = new Set<string>(keysOf(layer).filter((key) => settingOf(key).secret));
  const wrapped = Object.entries(settings).map(([key, value]) => {
    return [key, secrets.has(key) && value !== undefined ? pulumi.secret(value) : value];
  });
  // Only secrets were wrapped, which is what LayerSettings says of them.
  return Object.fromEntries(wrapped) as LayerSettings<Name>;
}
