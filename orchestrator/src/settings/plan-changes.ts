/**
 * Plans what a requested change writes into which layer, and why it may not. A key is written in all its layers, an inherited one only in the
 * first and where it stands already; a value that is set already is not written. Pure.
 */
import type { LayerName } from "@proliferate-infra/shared/layers";
import { isInherited } from "@proliferate-infra/shared/settings/common-values";
import { fullKey, type SettingFault } from "@proliferate-infra/shared/settings/fault";
import {
  readSettings,
  REGION_KEY,
  type ConfiguredValue,
  type LayerConfiguration,
} from "@proliferate-infra/shared/settings/read-settings";
import { configurationKeysOf, descriptionOf, keyNamed, type ConfigurationKey } from "./keys.ts";

/** New texts by key; undefined removes the key. A name that is no key can only be removed. */
export type RequestedChanges = ReadonlyMap<string, string | undefined>;

/** What must be written into one layer's file, by full key. */
interface LayerWrites {
  readonly layer: LayerName;
  readonly plain: ReadonlyMap<string, string>;
  readonly secret: ReadonlyMap<string, string>;
  readonly removed: readonly string[];
}

export interface Assessment {
  /** Faults that the change makes. It is not written then. */
  readonly refused: readonly SettingFault[];
  /** Required keys that are still missing. They do not stop a change, so that an environment can be configured in steps. */
  readonly gaps: readonly SettingFault[];
}

/** A planned change. `writes` has only layers in which something changes. */
export interface ChangePlan extends Assessment {
  readonly writes: readonly LayerWrites[];
  readonly before: readonly LayerConfiguration[];
  /** The configurations with the changes. */
  readonly after: readonly LayerConfiguration[];
}

/** The configurations after the changes. */
export function withChanges(
  configurations: readonly LayerConfiguration[],
  changes: RequestedChanges,
): readonly LayerConfiguration[] {
  return configurations.map((configuration) => {
    const values = new Map(configuration.values);
    for (const [name, text] of changesOf(configuration, changes)) {
      const key = keyNamed(name);
      if (key === undefined || text === undefined) {
        values.delete(fullKey(configuration.layer, name));
      } else {
        values.set(fullKey(configuration.layer, key), { text, secret: descriptionOf(key).secret });
      }
    }
    return { ...configuration, values };
  });
}

/** The changes of a layer: of the keys that it does not inherit, and of those in its file, also of names that are no keys. */
function changesOf({ layer, values }: LayerConfiguration, changes: RequestedChanges): [string, string | undefined][] {
  const own = new Set<string>(configurationKeysOf(layer).filter((key) => !isInherited(layer, key)));
  return [...changes].filter(([name]) => own.has(name) || values.has(fullKey(layer, name)));
}

/** Faults after the changes. */
export function assess(configurations: readonly LayerConfiguration[], changes: RequestedChanges): Assessment {
  const before = configurations.flatMap((each) => readSettings(each).faults);
  const known = new Set(before.map((fault) => identity(fault)));
  const after = withChanges(configurations, changes);
  const all = after.flatMap((each) => readSettings(each).faults.map((fault) => ({ fault, gap: isGap(fault, each) })));
  const faults = uniqueBy(all, ({ fault: { key, message } }) => `${key} ${message}`);
  return {
    refused: faults
      .filter(({ fault, gap }) => !gap && (changes.has(fault.key) || !known.has(identity(fault))))
      .map(({ fault }) => fault),
    gaps: faults.filter(({ gap }) => gap).map(({ fault }) => fault),
  };
}

function identity({ layer, key, message }: SettingFault): string {
  return `${layer} ${key} ${message}`;
}

function uniqueBy<T>(items: readonly T[], identify: (item: T) => string): readonly T[] {
  return [...new Map(items.map((item) => [identify(item), item])).values()];
}

/** Whether the fault is a missing key without a default. */
function isGap({ key: name }: SettingFault, { layer, values }: LayerConfiguration): boolean {
  const key = keyNamed(name);
  return key !== undefined && !values.has(fullKey(layer, key)) && descriptionOf(key).default === undefined;
}

/** Secrets are compared when `configurations` has their texts, and written again otherwise. */
export function planChanges(configurations: readonly LayerConfiguration[], changes: RequestedChanges): ChangePlan {
  const writes = configurations.map((configuration): LayerWrites => {
    const { layer, values } = configuration;
    const plain = new Map<string, string>();
    const secret = new Map<string, string>();
    const removed: string[] = [];
    for (const [name, text] of changesOf(configuration, changes)) {
      const key = keyNamed(name);
      const current = values.get(fullKey(layer, name));
      if (key === undefined || text === undefined) {
        removed.push(...(current === undefined ? [] : [fullKey(layer, name)]));
      } else if (!isRight(key, current, text)) {
        (descriptionOf(key).secret ? secret : plain).set(fullKey(layer, key), text);
      }
    }
    return { layer, plain, secret, removed };
  });
  return {
    ...assess(configurations, changes),
    before: configurations,
    after: withChanges(configurations, changes),
    writes: writes.filter(({ plain, secret, removed }) => plain.size + secret.size + removed.length > 0),
  };
}

/** Whether the configured value equals the text. A YAML list equals its values with commas. */
function isRight(key: ConfigurationKey, current: ConfiguredValue | undefined, text: string): boolean {
  const { secret, kind } = descriptionOf(key);
  if (current?.text === undefined || current.secret !== secret) {
    return false;
  }
  return (
    current.text === text || (!secret && JSON.stringify(kind.parse(current.text)) === JSON.stringify(kind.parse(text)))
  );
}

/** Names, without namespace, of the keys that the plan writes or removes. */
export function namesIn({ writes }: Pick<ChangePlan, "writes">): readonly string[] {
  const names = writes.flatMap(({ layer, plain, secret, removed }) =>
    [...plain.keys(), ...secret.keys(), ...removed].map((name) =>
      name === REGION_KEY ? name : name.slice(fullKey(layer, "").length),
    ),
  );
  return [...new Set(names)];
}

/** Names, without namespace, in the configurations, including names that are no keys. */
export function presentNames(configurations: readonly LayerConfiguration[]): ReadonlySet<string> {
  return new Set(
    configurations.flatMap(({ layer, values }) => {
      const namespace = fullKey(layer, "");
      return [...values.keys()].map((key) => (key.startsWith(namespace) ? key.slice(namespace.length) : key));
    }),
  );
}
