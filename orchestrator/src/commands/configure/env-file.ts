/**
 * Reads an answers file: lines `NAME=value` as in a `.env` file. A name is a variable of docs/configuration.md, or a key. Pure.
 */
import dotenv from "dotenv";
import { configurationKeys, descriptionOf, type ConfigurationKey } from "../../settings/keys.ts";
import { withoutFinalNewlines } from "./requested-values.ts";

/** Content of an answers file. */
export interface EnvFile {
  readonly values: ReadonlyMap<ConfigurationKey, string>;
  /** Names that are no keys. */
  readonly ignored: readonly string[];
  /** Names of keys without a value. They change nothing. */
  readonly empty: readonly string[];
  /** A sentence for each key that several names give different values. Never has a value. */
  readonly contradictions: readonly string[];
}

/** The llm-proxy has another name for its master key than its clients. */
const OTHER_NAMES: ReadonlyMap<string, ConfigurationKey> = new Map([["LITELLM_MASTER_KEY", "llmProxyMasterKey"]]);

/** Keys by the names that an answers file can have. */
const keyByName: ReadonlyMap<string, ConfigurationKey> = new Map([
  ...configurationKeys.map((key) => [key, key] as const),
  ...configurationKeys.flatMap((key) => {
    const { variable } = descriptionOf(key);
    return variable === undefined ? [] : [[variable, key] as const];
  }),
  ...OTHER_NAMES,
]);

export function readEnvFile(text: string): EnvFile {
  const entries = Object.entries(dotenv.parse(text)).map(([name, raw]) => {
    return { name, key: keyByName.get(name), value: withoutFinalNewlines(raw) };
  });
  const given = new Map<ConfigurationKey, { name: string; value: string }[]>();
  for (const { name, key, value } of entries) {
    if (key !== undefined && value !== "") {
      given.set(key, [...(given.get(key) ?? []), { name, value }]);
    }
  }
  const contradicting = [...given].filter(([, values]) => new Set(values.map(({ value }) => value)).size > 1);
  return {
    values: new Map([...given].flatMap(([key, [first]]) => (first === undefined ? [] : [[key, first.value]]))),
    ignored: entries.filter(({ key }) => key === undefined).map(({ name }) => name),
    empty: entries.filter(({ key, value }) => key !== undefined && value === "").map(({ name }) => name),
    contradictions: contradicting.map(([key, values]) => {
      return `${values.map(({ name }) => name).join(" and ")} give ${key} different values`;
    }),
  };
}
