/**
 * Reads an answers file: lines `NAME=value` as in a `.env` file. A name is a variable of docs/configuration.md, or a key. Pure.
 */
import { configurationKeys, descriptionOf, type ConfigurationKey } from "../../settings/keys.ts";
import { readEnvLines, type Assignment, type EnvLines } from "./env-lines.ts";
import { withoutFinalNewlines } from "./requested-values.ts";

/** Content of an answers file. */
export interface EnvFile {
  readonly values: ReadonlyMap<ConfigurationKey, string>;
  /** Names that are no keys. */
  readonly ignored: readonly string[];
  /** Names of keys without a value. They change nothing. */
  readonly empty: readonly string[];
  /** What is wrong, each with file, line and name. Never has a value. */
  readonly faults: readonly string[];
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

/** One setting of the file. */
interface Answer {
  readonly line: number;
  readonly name: string;
  readonly key: ConfigurationKey;
  readonly value: string;
}

/** `file`: its path, for messages. */
export function readEnvFile(file: string, text: string): EnvFile {
  const lines = readEnvLines(text);
  const known = lines.assignments.flatMap((assignment) => {
    const key = keyByName.get(assignment.name);
    return key === undefined ? [] : [{ ...assignment, key }];
  });
  const answers = known.flatMap(({ read, ...facts }): readonly Answer[] =>
    "value" in read ? [{ ...facts, value: textFor(facts.key, read.value) }] : [],
  );
  const given = answers.filter(({ value }) => value !== "");
  const faults = [
    ...shapeFaults(file, lines),
    ...known.flatMap(({ line, name, read }) =>
      "problem" in read ? [`${file}, line ${line}: ${name} ${read.problem}`] : [],
    ),
    ...given.flatMap(({ line, name, key, value }) => {
      const { kind } = descriptionOf(key);
      return kind.parse(value) === undefined ? [`${file}, line ${line}: ${name} must be ${kind.allowed}`] : [];
    }),
    ...contradictions(file, given),
  ];
  return {
    values: new Map(given.map(({ key, value }) => [key, value])),
    ignored: namesOf(lines.assignments.filter(({ name }) => !keyByName.has(name))),
    empty: namesOf(answers.filter(({ value }) => value === "")),
    faults: faults.length === 0 && given.length === 0 ? [`${file} sets none of the settings`] : faults,
  };
}

/** Without newlines at the end. A key of several lines may be written in one, with `\n` between its lines. */
function textFor(key: ConfigurationKey, value: string): string {
  const isMultiline = descriptionOf(key).kind.multiline === true;
  return withoutFinalNewlines(isMultiline ? value.replaceAll("\\r", "").replaceAll("\\n", "\n") : value);
}

/** Faults of lines that are no assignments. A file that has mostly such lines is of another kind. */
function shapeFaults(file: string, { assignments, others }: EnvLines): readonly string[] {
  const total = assignments.length + others.length;
  if (total === 0) {
    return [`${file} has no line NAME=value`];
  }
  return others.length >= assignments.length
    ? [`${file} is no answers file: ${others.length} of its ${total} lines are not NAME=value`]
    : others.map((line) => `${file}, line ${line}: is not NAME=value`);
}

/** A fault for each key that is given different values. */
function contradictions(file: string, given: readonly Answer[]): readonly string[] {
  const byKey = Map.groupBy(given, ({ key }) => key);
  return [...byKey].flatMap(([key, answers]) => {
    const places = answers.map(({ line, name }) => `line ${line} (${name})`);
    const isOne = new Set(answers.map(({ value }) => value)).size === 1;
    return isOne ? [] : [`${file} gives ${key} different values in ${places.join(" and ")}`];
  });
}

function namesOf(assignments: readonly Pick<Assignment, "name">[]): readonly string[] {
  return [...new Set(assignments.map(({ name }) => name))];
}
