/** The wizard's questions on a terminal. Secrets are never shown. */
import { styleText } from "node:util";
import { confirm, multiselect, password, S_BAR, select, text } from "@clack/prompts";
import { effectText, isRefused } from "@proliferate-infra/shared/settings/effect";
import { sampleValues } from "@proliferate-infra/shared/settings/sample-values";
import { messageOf } from "@proliferate-infra/backend/errors";
import { readGivenFile } from "../../settings/given-file.ts";
import { answerOf } from "../../terminal/prompts.ts";
import { descriptionOf, type ConfigurationKey } from "../../settings/keys.ts";
import type { KeyOverview } from "../../settings/overview.ts";

/** Returns why a text is not allowed; undefined when it is. */
export type FindProblem = (text: string) => string | undefined;

export async function askConsent(message: string, initialValue: boolean): Promise<boolean> {
  return answerOf(confirm({ message, initialValue }));
}

export async function askChoice<Word extends string>(
  message: string,
  options: readonly { readonly value: Word; readonly label: string }[],
): Promise<Word> {
  // The library's conditional type does not know that Word is a primitive type.
  return (await answerOf(select<string>({ message, options: [...options] }))) as Word;
}

export async function askSettings(message: string, settings: readonly KeyOverview[]): Promise<readonly string[]> {
  const options = settings.map(({ key, state, value, secret }) => {
    const shown = secret || value === undefined ? (state === "set" ? "set" : "not set") : value;
    return { value: key, label: `${key}  ${styleText("dim", shown)}`, hint: descriptionOf(key).description };
  });
  return answerOf(multiselect<string>({ message, options, required: false, maxItems: 12 }));
}

/** Asks for a secret outside the wizard. The value is not checked. */
export async function askSecret(key: ConfigurationKey): Promise<string> {
  return (await answerOf<string | symbol | undefined>(password({ message: guided(headline(key, undefined)) }))) ?? "";
}

/**
 * Asks for a key's value. Returns undefined for an empty answer, which leaves the value or the default.
 *
 * @param findProblem checks an answer.
 */
export async function askValue(setting: KeyOverview, findProblem: FindProblem): Promise<string | undefined> {
  const { key, state, value, secret, requiredBecause } = setting;
  const { kind, generated } = descriptionOf(key);
  if (kind.choices !== undefined) {
    const options = kind.choices.map((choice) => {
      // The current value is never disabled, so that there is always a choice.
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
    return messageOf(error);
  }
}

/** The file's text without newlines at its end. */
function readWhole(path: string): string {
  return readGivenFile(path).trimEnd();
}

function exampleOf(key: ConfigurationKey): string {
  const example = key === "aws:region" ? "us-east-1" : sampleValues[key];
  return example === undefined ? "" : `such as ${example}`;
}

/** The key, its meaning, why it is required, and what an empty answer does. */
function headline(key: ConfigurationKey, setting: KeyOverview | undefined): string {
  const { description, kind, effects, generated } = descriptionOf(key);
  const why = setting?.requiredBecause;
  const remarks = [
    kind.choices === undefined ? kind.allowed : "",
    why === undefined || why === "always" ? "" : `required because ${why}`,
    ...(setting?.state === "set" ? effects.filter(isRefused).map((effect) => `a change: ${effectText(effect)}`) : []),
    emptyMeans(setting, generated === true),
  ].filter((remark) => remark !== "");
  const dim = remarks.length === 0 ? "" : `\n${styleText("dim", remarks.join("; "))}`;
  return `${styleText("bold", key)}  ${description}${dim}`;
}

/** The message with the wizard's line at its left, which the library draws only for choices. */
function guided(message: string): string {
  return message.replaceAll("\n", `\n${styleText("gray", S_BAR)}  `);
}

function emptyMeans(setting: KeyOverview | undefined, generated: boolean): string {
  if (setting === undefined) {
    return "";
  }
  if (setting.secret && setting.state === "set") {
    return "empty: no change";
  }
  if (setting.state === "missing" && generated) {
    return "empty: generate";
  }
  const hasDefault = descriptionOf(setting.key).default !== undefined;
  return hasDefault && descriptionOf(setting.key).kind.choices === undefined ? "empty: the default" : "";
}
