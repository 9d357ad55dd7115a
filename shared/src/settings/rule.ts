/** A rule between several settings of one layer. */
import type { LayerName } from "../layers.ts";
import type { KeysOf, PlainSettings, SettingKey } from "./catalog.ts";

/** A broken rule: the key to change, and what is wrong, as the end of "<key> ...". */
export interface BrokenRule {
  readonly key: SettingKey;
  readonly message: string;
}

/** The valid settings of a layer, by key. */
export type ValidSettings = Readonly<Record<string, unknown>>;

/** It is checked only when each of its keys is valid. */
export interface Rule {
  readonly layer: LayerName;
  readonly keys: readonly string[];
  readonly check: (settings: ValidSettings) => readonly BrokenRule[];
}

/** Returns a rule of a layer. `check` gets the settings of these keys. */
export function rule<Name extends LayerName, const Key extends KeysOf<Name> | "region">(
  layer: Name,
  keys: readonly Key[],
  check: (settings: Pick<PlainSettings<Name>, Key>) => readonly BrokenRule[],
): Rule {
  // brokenRules calls the check only when every key has a valid value of the type in the catalog.
  return { layer, keys, check: check as unknown as Rule["check"] };
}
