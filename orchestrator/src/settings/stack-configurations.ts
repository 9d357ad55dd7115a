/** The layers' configuration files, and everything that is wrong with them, before any engine starts. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { layerByName, type LayerName } from "@proliferate-infra/shared/layers";
import { keysOf, settingOf } from "@proliferate-infra/shared/settings/catalog";
import { describeFaults, fullKey, setCommand, type SettingFault } from "@proliferate-infra/shared/settings/fault";
import {
  readSettings,
  type ConfiguredValue,
  type LayerConfiguration,
} from "@proliferate-infra/shared/settings/read-settings";
import { parse } from "yaml";
import { isHalfWritten } from "@proliferate-infra/backend/environment/change-folder";
import { UserError } from "@proliferate-infra/backend/errors";

/** Shape of Pulumi.<stack>.yaml as far as it matters here. */
interface StackFile {
  readonly config?: Readonly<Record<string, unknown>>;
}

/** File of a layer's configuration for a stack. */
export function stackFile(root: string, layer: LayerName, stack: string): string {
  return join(root, layerByName(layer).directory, `Pulumi.${stack}.yaml`);
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

/** Configuration of a layer from the text of its file. Secrets stay encrypted. */
export function parseStackFile(layer: LayerName, stack: string, text: string): LayerConfiguration {
  const { config } = (parse(text) ?? {}) as StackFile;
  return configurationOf(layer, stack, config ?? {});
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
  const missing = layers.filter((layer) => !existsSync(stackFile(root, layer, stack)));
  if (missing.length > 0) {
    const hint =
      stack === "local"
        ? "scripts/try-local.sh sets the local environment up."
        : missing.map((layer) => `pulumi stack init ${stack} --cwd ${layerByName(layer).directory}`).join("\n");
    throw new UserError(`The stack "${stack}" has no configuration in: ${missing.join(", ")}.\n${hint}`);
  }
  const configurations = layers.map((layer) =>
    parseStackFile(layer, stack, readFileSync(stackFile(root, layer, stack), "utf8")),
  );
  const faults = [...configurations.flatMap((each) => readSettings(each).faults), ...disagreements(configurations)];
  if (faults.length > 0) {
    throw new UserError(describeFaults(faults));
  }
}
