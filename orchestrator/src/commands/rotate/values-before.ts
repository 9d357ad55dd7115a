/**
 * The values that the last rotation replaced, for `rotate --back`: `environments/<stack>.before-rotation.yaml`,
 * ignored by git. They are encrypted as in the settings files, with the same key.
 */
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { catalog, settingOf, type SettingKey } from "@proliferate-infra/shared/settings/catalog";
import { fullKey } from "@proliferate-infra/shared/settings/fault";
import writeFileAtomic from "write-file-atomic";
import { parse, stringify } from "yaml";
import { z } from "zod";
import { UserError } from "@proliferate-infra/backend/errors";
import type { EncryptedValues } from "../../settings/environment-settings.ts";

const schema = z.record(z.string(), z.string());

function fileOf(root: string, stack: string): string {
  return join(root, "environments", `${stack}.before-rotation.yaml`);
}

/** Saves values, in place of those of an earlier rotation. */
export function saveValues(root: string, stack: string, values: EncryptedValues): void {
  const path = fileOf(root, stack);
  mkdirSync(dirname(path), { recursive: true });
  writeFileAtomic.sync(
    path,
    `# Encrypted values before the last rotation; rotate-secret.sh --back needs them.\n${stringify(values)}`,
  );
}

export interface SavedValues {
  readonly keys: readonly SettingKey[];
  readonly values: EncryptedValues;
}

/**
 * The values before the last rotation of the environment.
 *
 * @throws UserError when this checkout has none.
 */
export function savedValues(root: string, stack: string): SavedValues {
  const path = fileOf(root, stack);
  if (!existsSync(path)) {
    throw new UserError(
      `${path} is missing: no secret of ${stack} was rotated in this checkout. To go back, rotate to the old value.`,
    );
  }
  const { data: values = {} } = schema.safeParse(parse(readFileSync(path, "utf8")));
  const names = new Set(Object.keys(values));
  const keys = (Object.keys(catalog) as SettingKey[]).filter((key) =>
    settingOf(key).layers.some((layer) => names.has(fullKey(layer, key))),
  );
  if (keys.length === 0) {
    throw new UserError(`${path} has no values. To go back, rotate to the old value.`);
  }
  return { keys, values };
}
