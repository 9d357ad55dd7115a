/** Reads the arguments of `configure set` and `configure unset`. Messages never repeat a value. Pure. */
import {
  configurationKeys,
  descriptionOf,
  keyNamed,
  unknownKeyMessage,
  type ConfigurationKey,
} from "../../settings/keys.ts";

/** Arguments that were read, and what is wrong with the others. */
export interface Understood<T> {
  readonly values: T;
  readonly faults: readonly string[];
}

/** Where a secret is read from. */
export interface SecretSource {
  readonly key: ConfigurationKey;
  /** Undefined: standard input. */
  readonly file: string | undefined;
}

/** Removes the newlines that an editor or `echo` adds. */
export function withoutFinalNewlines(text: string): string {
  return text.replace(/[\r\n]+$/, "");
}

/** Reads arguments `key=value`. Secrets are refused: other users of the machine can read command lines. */
export function readPairs(pairs: readonly string[], stack: string): Understood<ReadonlyMap<ConfigurationKey, string>> {
  const values = new Map<ConfigurationKey, string>();
  const faults = pairs.flatMap((pair, index) => {
    const place = `Argument ${index + 1}`;
    const [, name, value] = /^([^=]*)=([\s\S]*)$/.exec(pair) ?? [];
    if (name === undefined || value === undefined) {
      return [`${place} has no "="; settings are given as key=value, secrets with --secret`];
    }
    const key = keyNamed(name);
    if (key === undefined) {
      return [unknownKeyMessage(place, name)];
    }
    if (descriptionOf(key).secret) {
      return [`${key} is a secret, and a command line can be read by others. Instead:\n${secretCommands(key, stack)}`];
    }
    if (values.has(key)) {
      return [`${key} is given twice`];
    }
    values.set(key, value);
    return [];
  });
  return { values, faults };
}

/** The commands that set a secret without showing it. */
function secretCommands(key: ConfigurationKey, stack: string): string {
  const command = `scripts/configure.sh set --stack ${stack} --secret ${key}`;
  return [
    `    ${command}               asks for it, or reads it from standard input`,
    `    ${command}=@FILE         reads it from a file`,
  ].join("\n");
}

/** Reads the values of `--secret`: `key` for standard input, `key=@FILE` for a file. */
export function readSecretOptions(options: readonly string[], stack: string): Understood<readonly SecretSource[]> {
  const values: SecretSource[] = [];
  const faults = options.flatMap((option, index) => {
    const place = `--secret number ${index + 1}`;
    const [, name = "", file] = /^([^=]*)(?:=@(.+))?$/.exec(option) ?? [];
    if (name === "") {
      const key = keyNamed(option.slice(0, option.indexOf("=")));
      return [`${place} must be key or key=@FILE${key === undefined ? "" : `:\n${secretCommands(key, stack)}`}`];
    }
    const key = keyNamed(name);
    if (key === undefined) {
      return [unknownKeyMessage(place, name)];
    }
    if (!descriptionOf(key).secret) {
      return [`${key} is no secret; give it as ${key}=<value>`];
    }
    values.push({ key, file });
    return [];
  });
  const repeated = values.filter(({ key }, index) => values.findIndex((other) => other.key === key) < index);
  const fromInput = values.filter(({ file }) => file === undefined).map(({ key }) => key);
  return {
    values,
    faults: [
      ...faults,
      ...repeated.map(({ key }) => `${key} is given twice`),
      ...(fromInput.length > 1
        ? [`Standard input holds one secret, but ${fromInput.join(", ")} need it; give the others as key=@FILE`]
        : []),
    ],
  };
}

/** Reads the names of keys to remove. `present`: names in the layers' files, including names that are no keys. */
export function readNames(names: readonly string[], present: ReadonlySet<string>): Understood<readonly string[]> {
  const known = new Set<string>([...configurationKeys, ...present]);
  return {
    values: names.filter((name) => known.has(name)),
    faults: names
      .filter((name) => !known.has(name))
      .map((name) => unknownKeyMessage(`Argument ${names.indexOf(name) + 1}`, name)),
  };
}
