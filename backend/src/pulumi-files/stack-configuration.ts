/** What a layer's `Pulumi.<stack>.yaml` configures, and where that file is. */
import { join } from "node:path";
import { layerByName, type LayerName } from "@proliferate-infra/shared/layers";
import type { SettingKey } from "@proliferate-infra/shared/settings/catalog";
import { fullKey } from "@proliferate-infra/shared/settings/fault";
import type { ConfiguredValue, LayerConfiguration } from "@proliferate-infra/shared/settings/read-settings";
import { LOCAL_STACK } from "../environment/local-names.ts";
import { parseSettings, plainSetting, readStackFile } from "./stack-file.ts";

/** File of a layer's configuration for a stack. */
export function stackFile(root: string, layer: LayerName, stack: string): string {
  return join(root, layerByName(layer).directory, `Pulumi.${stack}.yaml`);
}

/** Text of a layer's setting; undefined where its file has none, or an encrypted one. */
export function configuredText(root: string, layer: LayerName, stack: string, key: SettingKey): string | undefined {
  return plainSetting(readStackFile(stackFile(root, layer, stack)), fullKey(layer, key));
}

/** What brings the settings of a deployed environment into a checkout that lacks them. */
export function copySettings(stack: string): string {
  return `copy stacks/*/Pulumi.${stack}.yaml and environments/${stack}.yaml from the checkout that ${stack} was deployed from (docs/operations.md)`;
}

/** What to do where an environment's settings are missing. */
export function missingSettingsFix(stack: string): string {
  if (stack === LOCAL_STACK) {
    return "scripts/try-local.sh sets the local environment up.";
  }
  return [
    `If ${stack} was deployed before: ${copySettings(stack)}.`,
    `If not, this makes what is missing:\n  scripts/setup-pulumi.sh --stack ${stack}`,
  ].join("\n");
}

/** Pulumi encrypts a text, or with --path single texts of a list or map, which makes the whole value secret. */
function holdsSecret(value: unknown): boolean {
  return typeof value === "object" && value !== null && ("secure" in value || Object.values(value).some(holdsSecret));
}

function configuredValue(value: unknown): ConfiguredValue {
  if (holdsSecret(value)) {
    return { text: undefined, secret: true };
  }
  return { text: typeof value === "string" ? value : JSON.stringify(value), secret: false };
}

/**
 * Configuration of a layer from the text of its file at `path`. Secrets stay encrypted.
 *
 * @throws UserError when it is not YAML; without an excerpt of the file, which may hold a secret.
 */
export function parseStackFile(layer: LayerName, stack: string, text: string, path: string): LayerConfiguration {
  const content: unknown = parseSettings(path, text).toJS();
  const config = isRecord(content) ? content.config : undefined;
  return configurationOf(layer, stack, isRecord(config) ? config : {});
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Configuration of a layer from the file's part `config`. Secrets stay encrypted. */
export function configurationOf(
  layer: LayerName,
  stack: string,
  config: Readonly<Record<string, unknown>>,
): LayerConfiguration {
  const entries = Object.entries(config).map(([key, value]) => [key, configuredValue(value)] as const);
  return { layer, stack, values: new Map(entries) };
}
