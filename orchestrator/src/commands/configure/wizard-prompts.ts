/** The wizard's questions on a terminal. Secrets are never echoed, neither while they are typed nor afterwards. */
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { resolve } from "node:path";
import { styleText } from "node:util";
import { confirm, multiselect, password, S_BAR, select, text } from "@clack/prompts";
import { sampleValues } from "@proliferate-infra/shared/settings/sample-values";
import { answerOf } from "../../terminal/prompts.ts";
import { descriptionOf, type ConfigurationKey } from "../../settings/keys.ts";
import type { KeyOverview } from "../../settings/overview.ts";

/** Says why a text is not allowed; undefined when it is. */
export type FindProblem = (text: string) => string | undefined;

/** Asks yes or no. */
export async function askConsent(message: string, initialValue: boolean): Promise<boolean> {
  return answerOf(confirm({ message, initialValue }));
}

/** Asks for one of several words. */
export async function askChoice<Word extends string>(
  message: string,
  options: readonly { readonly value: Word; readonly label: string }[],
): Promise<Word> {
  // A Word is a primitive, which the library's conditional type cannot see of a type parameter.
  return (await answerOf(select<string>({ message, options: [...options] }))) as Word;
}

/** Asks for any number of settings. */
export async function askSettings(message: string, settings: readonly KeyOverview[]): Promise<readonly string[]> {
  const options = settings.map(({ key, state, value, secret }) => {
    const shown = secret || value === undefined ? (state === "set" ? "set" : "not set") : value;
    return { value: key, label: `${key}  ${styleText("dim", shown)}`, hint: descriptionOf(key).description };
  });
  return answerOf(multiselect<string>({ message, options, required: false, maxItems: 12 }));
}

/** Asks for a secret on behalf of a command without a wizard; its value is checked later. */
export async function askSecret(key: ConfigurationKey): Promise<string> {
  return (await answerOf<string | symbol | undefined>(password({ message: guided(headline(key, undefined)) }))) ?? "";
}

/**
 * Asks for a key's value. Undefined: nothing was given, for the default or the value that it has.
 *
 * @param findProblem for texts that were given.
 */
export async function askValue(setting: KeyOverview, findProblem: FindProblem): Promise<string | undefined> {
  const { key, state, value, secret, requiredBecause } = setting;
  const { kind, generated } = descriptionOf(key);
  if (kind.choices !== undefined) {
    const options = kind.choices.map((choice) => {
      // What is chosen already can stay, so that there always is a choice.
      const problem = choice === value ? undefined : findProblem(choice);
      return { value: choice, label: choice, ...(problem === undefined ? {} : { disabled: true, hint: problem }) };
    });
    const initial = value === undefined ? {} : { initialValue: value };
    return answerOf(select<string>({ message: headline(key, setting), options, ...initial }));
  }
  const mayBeEmpty =
    requiredBecause === undefined || (secret && state === "set") || (generated === true && state === "missing");
  const validate = (given: string | undefined) => {
    const problem = isEmpty(given) ? (mayBeEmpty ? undefined : `must be ${kind.allowed}`) : findProblem(given);
    return problem === undefined ? undefined : `${key} ${problem}`;
  };
  if (kind.multiline === true) {
    const message = `${headline(key, setting)}\n${styleText("dim", "Path of a file that holds it")}`;
    const path = await answerOf(text({ message: guided(message), validate: (given) => validateFile(given, validate) }));
    return isEmpty(path) ? undefined : readWhole(path);
  }
  const prompt = secret
    ? password({ message: guided(headline(key, setting)), validate })
    : text({
        message: guided(headline(key, setting)),
        validate,
        initialValue: value ?? "",
        placeholder: exampleOf(key),
      });
  const given = await answerOf<string | symbol | undefined>(prompt);
  return isEmpty(given) ? undefined : given;
}

const isEmpty = (given: string | undefined): given is undefined => given === undefined || given === "";

function validateFile(path: string | undefined, validate: (text: string | undefined) => string | undefined) {
  if (isEmpty(path)) {
    return validate(undefined);
  }
  try {
    return validate(readWhole(path));
  } catch (error) {
    return `${path} cannot be read (${error instanceof Error && "code" in error ? String(error.code) : String(error)})`;
  }
}

/** The file's text without the newlines at its end; `~/` is the home folder, as in a shell. */
function readWhole(path: string): string {
  return readFileSync(resolve(path.trim().replace(/^~(?=\/)/, homedir())), "utf8").trimEnd();
}

function exampleOf(key: ConfigurationKey): string {
  const example = key === "aws:region" ? "us-east-1" : sampleValues[key];
  return example === undefined ? "" : `such as ${example}`;
}

/** The key, what it means, why it is asked for and what an empty answer does. */
function headline(key: ConfigurationKey, setting: KeyOverview | undefined): string {
  const { description, kind, replaces, generated } = descriptionOf(key);
  const why = setting?.requiredBecause;
  const remarks = [
    kind.choices === undefined ? kind.allowed : "",
    why === undefined || why === "always" ? "" : `required because ${why}`,
    setting?.state === "set" && replaces !== undefined ? `a change replaces ${replaces}` : "",
    emptyMeans(setting, generated === true),
  ].filter((remark) => remark !== "");
  const dim = remarks.length === 0 ? "" : `\n${styleText("dim", remarks.join("; "))}`;
  return `${styleText("bold", key)}  ${description}${dim}`;
}

/** The message with the wizard's line at its left; the library draws it beside choices only. */
function guided(message: string): string {
  return message.replaceAll("\n", `\n${styleText("gray", S_BAR)}  `);
}

function emptyMeans(setting: KeyOverview | undefined, generated: boolean): string {
  if (setting === undefined) {
    return "";
  }
  if (setting.secret && setting.state === "set") {
    return "empty keeps what is set";
  }
  if (setting.state === "missing" && generated) {
    return "empty generates one";
  }
  const hasDefault = descriptionOf(setting.key).default !== undefined;
  return hasDefault && descriptionOf(setting.key).kind.choices === undefined ? "empty for the default" : "";
}
