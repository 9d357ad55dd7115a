/** Reads the settings of the running layer's program from Pulumi's configuration. */
import * as pulumi from "@pulumi/pulumi";
import type { LayerName } from "../layers.ts";
import { keysOf, settingOf, type LayerSettings, type PlainSettings } from "./catalog.ts";
import { describeFaults } from "./fault.ts";
import { readSettings, type LayerConfiguration } from "./read-settings.ts";

export type { LayerSettings } from "./catalog.ts";

/**
 * Returns whether a key's value is encrypted in the configuration. The SDK's runtime has it, but not its declarations.
 */
const { isConfigSecret } = pulumi.runtime as unknown as { isConfigSecret: (key: string) => boolean };

/** Returns the configuration of the running program. */
export function currentConfiguration<Name extends LayerName>(
  layer: Name,
): LayerConfiguration & { readonly layer: Name } {
  const entries = Object.entries(pulumi.runtime.allConfig()).map(([key, text]) => {
    return [key, { text, secret: isConfigSecret(key) }] as const;
  });
  return { layer, stack: pulumi.getStack(), values: new Map(entries) };
}

/**
 * Returns the checked settings of `layer`. Secrets are secret outputs.
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

/** Returns checked plain settings with every secret as a secret output. */
export function withSecretOutputs<Name extends LayerName>(
  layer: Name,
  settings: PlainSettings<Name>,
): LayerSettings<Name> {
  const secrets = new Set<string>(keysOf(layer).filter((key) => settingOf(key).secret));
  const wrapped = Object.entries(settings).map(([key, value]) => {
    return [key, secrets.has(key) && value !== undefined ? pulumi.secret(value) : value];
  });
  // Only secrets were wrapped, as LayerSettings declares.
  return Object.fromEntries(wrapped) as LayerSettings<Name>;
}
