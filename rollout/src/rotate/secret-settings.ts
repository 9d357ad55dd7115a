/**
 * Secrets in the layers' settings files: written with Pulumi, which encrypts them, and put back as they were. A value goes
 * to Pulumi on standard input only; what is put back is the encrypted text, so that nothing is decrypted.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { layerByName, type LayerName } from "@proliferate-infra/shared/layers";
import { settingOf, type SettingKey } from "@proliferate-infra/shared/settings/catalog";
import { fullKey } from "@proliferate-infra/shared/settings/fault";
import type { Environment } from "../environment/environment.ts";
import { runPulumi } from "../environment/pulumi-command.ts";
import { readStackFile } from "../environment/stack-file.ts";
import { stackFile } from "../stack-configurations.ts";

/** Encrypted values by the full key of a layer's setting, such as `proliferate-data:dbPassword`. */
export type EncryptedValues = Readonly<Record<string, string>>;

/** Where the settings of an environment are. */
export interface SettingsPlace {
  /** Root of the repository. */
  readonly root: string;
  readonly environment: Pick<Environment, "stack" | "pulumiVariables">;
}

function filesOf({ root, environment }: SettingsPlace, layers: Iterable<LayerName>): readonly string[] {
  return [...layers].map((layer) => stackFile(root, layer, environment.stack));
}

/** Does `work`, or leaves the files as they were. Throws what `work` throws. */
export async function allOrNothing(paths: readonly string[], work: () => Promise<void>): Promise<void> {
  const before = paths.map((path) => [path, readFileSync(path, "utf8")] as const);
  try {
    await work();
  } catch (error) {
    before.forEach(([path, text]) => {
      writeFileSync(path, text);
    });
    throw error;
  }
}

/**
 * Sets a secret in all its layers, or in none.
 *
 * @throws ToolFault when Pulumi cannot encrypt it.
 */
async function setSecret(place: SettingsPlace, key: SettingKey, value: string): Promise<void> {
  const { root, environment } = place;
  const { layers } = settingOf(key);
  await allOrNothing(filesOf(place, layers), async () => {
    for (const layer of layers) {
      await runPulumi(["config", "set", fullKey(layer, key), "--secret", "--stack", environment.stack], {
        cwd: join(root, layerByName(layer).directory),
        env: { ...process.env, ...environment.pulumiVariables },
        input: value,
      });
    }
  });
}

/** Sets several secrets, or none. Throws what setSecret throws. */
export async function setSecrets(place: SettingsPlace, values: ReadonlyMap<SettingKey, string>): Promise<void> {
  const layers = new Set([...values.keys()].flatMap((key) => settingOf(key).layers));
  await allOrNothing(filesOf(place, layers), async () => {
    for (const [key, value] of values) {
      await setSecret(place, key, value);
    }
  });
}

/** The keys' values as they stand encrypted; a key without one, or with a plain one, is left out. */
export function encryptedValues(place: SettingsPlace, keys: readonly SettingKey[]): EncryptedValues {
  const found = keys.flatMap((key) =>
    settingOf(key).layers.flatMap((layer) => {
      const name = fullKey(layer, key);
      const value = readStackFile(stackFile(place.root, layer, place.environment.stack)).document.getIn([
        "config",
        name,
        "secure",
      ]);
      return typeof value === "string" ? [[name, value] as const] : [];
    }),
  );
  return Object.fromEntries(found);
}

/** Puts encrypted values of these keys back. */
export function restoreEncrypted(place: SettingsPlace, keys: readonly SettingKey[], values: EncryptedValues): void {
  for (const layer of new Set(keys.flatMap((key) => settingOf(key).layers))) {
    const { path, document } = readStackFile(stackFile(place.root, layer, place.environment.stack));
    for (const key of keys) {
      const value = values[fullKey(layer, key)];
      if (value !== undefined) {
        document.setIn(["config", fullKey(layer, key), "secure"], value);
      }
    }
    writeFileSync(path, document.toString());
  }
}

/** Sets a plain setting of one layer, as text. */
export function setPlain({ root, environment }: SettingsPlace, layer: LayerName, key: SettingKey, value: string): void {
  const { path, document } = readStackFile(stackFile(root, layer, environment.stack));
  document.setIn(["config", fullKey(layer, key)], value);
  writeFileSync(path, document.toString());
}
