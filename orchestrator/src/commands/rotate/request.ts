/** Keys, new values and accepted losses of a rotation, from the command line. Pure. */
import { layerNames, type LayerName } from "@proliferate-infra/shared/layers";
import { catalog, settingOf, type SettingKey } from "@proliferate-infra/shared/settings/catalog";
import { UserError } from "@proliferate-infra/backend/errors";

export type RotationValues = ReadonlyMap<SettingKey, string>;

const secretKeys = (Object.keys(catalog) as SettingKey[]).filter((key) => settingOf(key).secret);

/**
 * The keys with these names, each once, in the order of the catalog.
 *
 * @throws UserError when there is no name, or one is not a secret of the catalog.
 */
export function rotatedKeys(names: readonly string[]): readonly SettingKey[] {
  const unknown = names.filter((name) => !secretKeys.some((key) => key === name));
  if (names.length === 0 || unknown.length > 0) {
    const fault = unknown.length > 0 ? `${unknown.join(", ")}: no such secret.` : "Name the secrets to rotate.";
    throw new UserError(`${fault} There are: ${secretKeys.join(", ")}.`);
  }
  return secretKeys.filter((key) => names.includes(key));
}

/**
 * Refuses a rotation that destroys data, unless the loss is accepted.
 *
 * @throws UserError with what would be lost, and the option that accepts it.
 */
export function refuseLoss(keys: readonly SettingKey[], accepted: readonly string[]): void {
  const faults = keys.flatMap((key) => {
    const { effect, loses } = settingOf(key).rotation ?? { effect: "" };
    return loses === undefined || accepted.includes(loses)
      ? []
      : [`${key} is not rotated: ${effect} If that is what you want, add --accept ${loses}.`];
  });
  if (faults.length > 0) {
    throw new UserError(faults.join("\n"));
  }
}

/**
 * Parses new values: for one key the text itself, for several a JSON object with exactly these keys.
 *
 * @throws UserError when the text has another form, or a value is not allowed. It never contains a value.
 */
export function givenValues(keys: readonly SettingKey[], text: string): RotationValues {
  const [only, ...others] = keys;
  // Editors and shells add a newline, which is not part of the value.
  const values =
    only !== undefined && others.length === 0
      ? new Map([[only, text.replace(/\r?\n$/, "")]])
      : valuesOfObject(keys, text);
  const faults = [...values].flatMap(([key, value]) => {
    const { kind } = settingOf(key);
    return kind.parse(value) === undefined
      ? [`The new value of ${key} is not allowed; it must be ${kind.allowed}.`]
      : [];
  });
  if (faults.length > 0) {
    throw new UserError(faults.join("\n"));
  }
  return values;
}

function valuesOfObject(keys: readonly SettingKey[], text: string): RotationValues {
  const object = parseObject(text);
  const found = Object.entries(object ?? {});
  const isComplete = found.length === keys.length && keys.every((key) => typeof object?.[key] === "string");
  if (object === undefined || !isComplete) {
    const example = JSON.stringify(Object.fromEntries(keys.map((key) => [key, "..."])));
    throw new UserError(`Give the new values of several secrets as one JSON object of strings: ${example}`);
  }
  return new Map(keys.map((key) => [key, String(object[key])]));
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

/** Layers to deploy after a change of these keys: the first layer that reads one of them, and all after it. */
export function concernedLayers(keys: readonly SettingKey[]): readonly LayerName[] {
  const readers = new Set(keys.flatMap((key) => settingOf(key).layers));
  const first = layerNames.findIndex((layer) => readers.has(layer));
  return first < 0 ? [] : layerNames.slice(first);
}
