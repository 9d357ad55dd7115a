/** `rollout configure` on a terminal: asks for settings, shows what will be written, asks for consent, and writes it. */
import { cancel, intro, log, note, outro } from "@clack/prompts";
import { ExitCode, UserError } from "@proliferate-infra/backend/errors";
import { repositoryRoot } from "@proliferate-infra/backend/root";
import { PromptCancelled } from "../../terminal/prompts.ts";
import { say } from "../../terminal/say.ts";
import { textTable } from "../../terminal/table.ts";
import { descriptionOf, type ConfigurationKey } from "../../settings/keys.ts";
import { describeFaults } from "../../settings/fault-text.ts";
import { describeNext } from "./texts.ts";
import { openConfiguration } from "../../settings/environment-settings.ts";
import { refuseGenerating, refuseLosingData } from "../../settings/refuse-new-keys.ts";
import { findEnvironment } from "@proliferate-infra/backend/environment/environment";
import { generateSecret, missingGenerated } from "../../settings/generated.ts";
import { assess, namesIn, planChanges } from "../../settings/plan-changes.ts";
import { settingGroups } from "./setting-groups.ts";
import { overviewOf, type KeyOverview } from "../../settings/overview.ts";
import { askChoice, askConsent, askSettings, askValue } from "./wizard-prompts.ts";
import {
  isOptional,
  nextQuestion,
  overviewWith,
  problemWith,
  startOf,
  withAnswer,
  withKept,
  withOffer,
  type Question,
  type WizardState,
} from "./wizard-questions.ts";

/**
 * Runs the wizard. Returns the exit code.
 *
 * @throws UserError when there is no terminal.
 */
export async function wizard({ stack }: { readonly stack: string }): Promise<number> {
  if (!process.stdin.isTTY || !process.stdout.isTTY) {
    throw new UserError(
      [
        "configure asks questions, which needs a terminal. Without one:",
        `  scripts/configure.sh set --stack ${stack} --from-env-file FILE     all settings from a file`,
        `  scripts/configure.sh set --stack ${stack} key=value                some settings`,
        `  scripts/configure.sh set --stack ${stack} --secret key=@FILE       a secret`,
        `  scripts/configure.sh list --stack ${stack}                         what is missing`,
      ].join("\n"),
    );
  }
  const configuration = openConfiguration(repositoryRoot, stack, { env: process.env, say });
  const configurations = await configuration.read();
  const environment = findEnvironment(repositoryRoot, stack, process.env);
  await refuseGenerating(environment, missingGenerated(overviewOf(configurations)));
  intro(`Settings of ${stack}`);
  try {
    const state = await askOptional(await askRequired(startOf(configurations)), stack);
    const names = namesIn(planChanges(configurations, state.answers));
    if (names.length === 0) {
      outro(`Nothing has to be changed. ${describeNext(overviewWith(state), stack)}`);
      return ExitCode.done;
    }
    note(summary(state, names), "These settings will be written");
    if (!(await askConsent("Write them?", true))) {
      throw new PromptCancelled();
    }
    log.step("Encrypting and writing ...");
    const plan = await configuration.change(
      () => state.answers,
      (planned) => refuseLosingData(environment, planned),
    );
    outro(`${namesIn(plan).length} settings written. ${describeNext(overviewWith(state), stack)}`);
    return ExitCode.done;
  } catch (error) {
    if (error instanceof PromptCancelled) {
      cancel(error.message);
      return error.exitCode;
    }
    throw error;
  }
}

/** Asks until all required settings are answered. */
async function askRequired(state: WizardState): Promise<WizardState> {
  const question = nextQuestion(state);
  return question === undefined ? state : askRequired(await answer(state, question));
}

async function answer(state: WizardState, question: Question): Promise<WizardState> {
  switch (question.kind) {
    case "setting":
      return askSetting(state, question.setting);
    case "keep": {
      const keep = await askConsent(`Already set: ${question.keys.join(", ")}. Keep them all?`, true);
      return withOffer(keep ? withKept(state, question.keys) : state, "keep");
    }
    case "generate": {
      const message = `No other service issues ${question.keys.join(", ")}. Generate them?`;
      const generate = await askConsent(message, true);
      const filled = generate ? question.keys.reduce(generated, state) : state;
      return withOffer(filled, "generate");
    }
  }
}

const generated = (state: WizardState, key: ConfigurationKey) => withAnswer(state, key, generateSecret(key));

async function askSetting(state: WizardState, setting: KeyOverview): Promise<WizardState> {
  const { key, secret } = setting;
  const text = await askValue(setting, (given) => problemWith(state, key, given));
  if (text === undefined && setting.state === "missing" && descriptionOf(key).generated === true) {
    return generated(state, key);
  }
  // No answer leaves a secret as it is, because its value is not shown.
  return text === undefined && secret ? withKept(state, [key]) : withAnswer(state, key, text);
}

/** Offers optional settings by group, until the person goes on and nothing is wrong. */
async function askOptional(state: WizardState, stack: string): Promise<WizardState> {
  const { refused } = assess(state.configurations, state.answers);
  if (refused.length > 0) {
    log.warn(`These settings contradict each other:\n${describeFaults(refused, stack)}`);
  }
  const overview = overviewWith(state);
  const wrong = new Set<string>(refused.map(({ key }) => key));
  const groups = settingGroups.map(({ title, keys }) => ({
    title,
    settings: overview.filter((each) => keys.includes(each.key) && (isOptional(each) || wrong.has(each.key))),
  }));
  const title = await askChoice("Change optional settings?", [
    ...(refused.length > 0 ? [] : [{ value: "", label: "No, go on" }]),
    ...groups.map((group) => ({ value: group.title, label: `${group.title} (${group.settings.length})` })),
  ]);
  if (title === "") {
    return state;
  }
  const settings = groups.find((group) => group.title === title)?.settings ?? [];
  const chosen = await askSettings(`${title}: which ones? Space selects`, settings);
  let next = state;
  for (const { key } of settings.filter((each) => chosen.includes(each.key))) {
    // Read again, because an answer can change the default of another key.
    const current = overviewWith(next).find((each) => each.key === key);
    next = current === undefined ? next : await askSetting(next, current);
  }
  return askOptional(await askRequired(next), stack);
}

/** The settings to be written; secrets without their values. */
function summary(state: WizardState, names: readonly string[]): string {
  const rows = overviewWith(state)
    .filter(({ key }) => names.includes(key))
    .map(({ key, secret, state: keyState, value }) => [
      key,
      keyState === "set" ? (secret ? "set" : (value ?? "")) : "removed; the default applies",
    ]);
  return textTable(["KEY", "VALUE"], rows);
}
