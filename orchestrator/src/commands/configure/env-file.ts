/**
 * An answers file: lines `NAME=value` as services read them from a `.env`, with the variables of docs/configuration.md, or
 * with a key's own name where it has no variable. Pure.
 */
import dotenv from "dotenv";
import { configurationKeys, descriptionOf, type ConfigurationKey } from "../../settings/keys.ts";
import { withoutFinalNewlines } from "./requested-values.ts";

/** What an answers file asks for. */
export interface EnvFile {
  readonly values: ReadonlyMap<ConfigurationKey, string>;
  /** Names that denote no key. */
  readonly ignored: readonly string[];
  /** Names of keys that stand without a value, which is the same as not standing there. */
  readonly empty: readonly string[];
  /** Names that give one key different values, a sentence for each key. Never holds a value. */
  readonly contradictions: readonly string[];
}

/** The llm-proxy itself knows its master key by another name than its clients. */
const OTHER_NAMES: ReadonlyMap<string, ConfigurationKey> = new Map([["LITELLM_MASTER_KEY", "llmProxyMasterKey"]]);

/** Key of each name that may stand in an answers file. */
const keyByName: ReadonlyMap<string, ConfigurationKey> = new Map([
  ...configurationKeys.map((key) => [key, key] as const),
  ...configurationKeys.flatMap((key) => {
    const { variable } = descriptionOf(key);
    return variable === undefined ? [] : [[variable, key] as const];
  }),
  ...OTHER_NAMES,
]);

/** Reads the text of an answers file. */
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
