/** Secrets as they stand encrypted in the layers' settings files: nothing is decrypted. */
import { settingOf, type SettingKey } from "@proliferate-infra/shared/settings/catalog";
import { fullKey } from "@proliferate-infra/shared/settings/fault";
import type { Environment } from "@proliferate-infra/backend/environment/environment";
import { readStackFile } from "@proliferate-infra/backend/pulumi-files/stack-file";
import { stackFile } from "@proliferate-infra/backend/pulumi-files/stack-configuration";

/** Encrypted values by the full key of a layer's setting, such as `proliferate-data:dbPassword`. */
export type EncryptedValues = Readonly<Record<string, string>>;

/** Where the settings of an environment are. */
export interface SettingsPlace {
  /** Root of the repository. */
  readonly root: string;
  readonly environment: Pick<Environment, "stack" | "pulumiVariables">;
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
