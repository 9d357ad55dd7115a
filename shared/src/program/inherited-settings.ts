/** Settings that a layer's program reads from its upstreams' outputs. */
import * as pulumi from "@pulumi/pulumi";
import type { Upstreams } from "../contracts/all-contracts.ts";
import type { LayerName } from "../layers.ts";
import { settingOf, type LayerSettings, type SettingKey } from "../settings/catalog.ts";
import { inheritedKeys, type CommonValues } from "../settings/common-values.ts";
import type { LayerConfiguration } from "../settings/read-settings.ts";
import { resolved } from "./publish-outputs.ts";

/**
 * The values of the settings that the layer inherits. A setting that its upstream does not publish, because an earlier version has
 * deployed it, is left out.
 *
 * @throws pulumi.RunError when a value is not allowed in this version.
 */
export async function inheritedSettings<Name extends LayerName>(
  configuration: LayerConfiguration & { readonly layer: Name },
  upstream: Upstreams<Name>,
): Promise<Partial<LayerSettings<Name>>> {
  const outputs: Readonly<Partial<Record<LayerName, { readonly commonSettings?: unknown }>>> = upstream;
  const read = inheritedKeys(configuration).map(async (key) => {
    const [source] = settingOf(key).layers;
    const output = await resolved(source && outputs[source]?.commonSettings);
    // Checked by the contract, as all outputs of upstreams.
    const text = output.known ? (output.value as CommonValues | undefined)?.[key] : undefined;
    return text === undefined ? [] : [[key, parsed(key, text)] as const];
  });
  // Each value has the type that its kind parses to.
  return Object.fromEntries((await Promise.all(read)).flat()) as Partial<LayerSettings<Name>>;
}

function parsed(key: SettingKey, text: string): unknown {
  const { kind, layers } = settingOf(key);
  const value = kind.parse(text);
  if (value === undefined) {
    throw new pulumi.RunError(`${layers[0]} was deployed with ${key} ${text}; it must be ${kind.allowed}.`);
  }
  return value;
}
