/**
 * From the layers' configurations and the requested changes to what must be written in which layer, or to why not. A key is
 * written in all its layers; what is right already is not written. Pure.
 */
import type { LayerName } from "@proliferate-infra/shared/layers";
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
  /** Values to encrypt. */
  readonly secret: ReadonlyMap<string, string>;
  readonly removed: readonly string[];
}

/** What is wrong after a change. */
export interface Assessment {
  /** What the change itself makes wrong: it must not be written. */
  readonly refused: readonly SettingFault[];
  /** Keys that must still be set; each by itself, so that an environment can be configured in several steps. */
  readonly gaps: readonly SettingFault[];
}

/** What a change amounts to. `writes` has only layers in which something changes. */
export interface ChangePlan extends Assessment {
  readonly writes: readonly LayerWrites[];
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

/** Changes of the keys that a layer has; names that are no key concern every layer that has them. */
function changesOf({ layer, values }: LayerConfiguration, changes: RequestedChanges): [string, string | undefined][] {
  const own = new Set<string>(configurationKeysOf(layer));
  return [...changes].filter(([name]) => own.has(name) || values.has(fullKey(layer, name)));
}

/** What is wrong after the changes: what they break, and what is still missing. */
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

/** Whether the fault is that a key without a default is not there. */
function isGap({ key: name }: SettingFault, { layer, values }: LayerConfiguration): boolean {
  const key = keyNamed(name);
  return key !== undefined && !values.has(fullKey(layer, key)) && descriptionOf(key).default === undefined;
}

/** Plans the changes. Existing secrets among them are compared where `configurations` has their texts, else written anew. */
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
    after: withChanges(configurations, changes),
    writes: writes.filter(({ plain, secret, removed }) => plain.size + secret.size + removed.length > 0),
  };
}

/** Whether the configured value already is what the text denotes; a YAML list equals its values with commas. */
function isRight(key: ConfigurationKey, current: ConfiguredValue | undefined, text: string): boolean {
  const { secret, kind } = descriptionOf(key);
  if (current?.text === undefined || current.secret !== secret) {
    return false;
  }
  return (
    current.text === text || (!secret && JSON.stringify(kind.parse(current.text)) === JSON.stringify(kind.parse(text)))
  );
}

/** Names, without namespace, of the keys that the plan writes or removes; each once. */
export function namesIn({ writes }: Pick<ChangePlan, "writes">): readonly string[] {
  const names = writes.flatMap(({ layer, plain, secret, removed }) =>
    [...plain.keys(), ...secret.keys(), ...removed].map((name) =>
      name === REGION_KEY ? name : name.slice(fullKey(layer, "").length),
    ),
  );
  return [...new Set(names)];
}

/** Names, without namespace, that stand in the configurations, also those that are no keys. */
export function presentNames(configurations: readonly LayerConfiguration[]): ReadonlySet<string> {
  return new Set(
    configurations.flatMap(({ layer, values }) => {
      const namespace = fullKey(layer, "");
      return [...values.keys()].map((key) => (key.startsWith(namespace) ? key.slice(namespace.length) : key));
    }),
  );
}
