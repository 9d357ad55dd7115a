/**
 * Finds the wizard's next question from the answers so far. Keys that conditions depend on come first. Then the wizard offers to keep
 * all values that are set and to generate all that can be generated, and asks for each of the others. Pure.
 */
import { fullKey } from "@proliferate-infra/shared/settings/fault";
import { REGION_KEY, type LayerConfiguration } from "@proliferate-infra/shared/settings/read-settings";
import { decidingKeys, descriptionOf, type ConfigurationKey } from "../../settings/keys.ts";
import { missingGenerated } from "../../settings/generated.ts";
import { assess, withChanges, type RequestedChanges } from "../../settings/plan-changes.ts";
import { overviewOf, type KeyOverview } from "../../settings/overview.ts";

/** Questions about many keys at once; each is asked at most once. */
export type Offer = "keep" | "generate";

export interface WizardState {
  /** Before the answers. */
  readonly configurations: readonly LayerConfiguration[];
  readonly answers: RequestedChanges;
  /** Keys that need not be asked for any more. */
  readonly done: ReadonlySet<ConfigurationKey>;
  readonly offered: ReadonlySet<Offer>;
}

/** `setting`: the value of one key. `keep`: leave all these keys as they are? `generate`: generate all these keys? */
export type Question =
  | { readonly kind: "setting"; readonly setting: KeyOverview }
  | { readonly kind: Offer; readonly keys: readonly ConfigurationKey[] };

/** The state before the first question. */
export function startOf(configurations: readonly LayerConfiguration[]): WizardState {
  return { configurations, answers: new Map(), done: new Set(), offered: new Set() };
}

/** The state of each key after the answers. */
export function overviewWith({ configurations, answers }: WizardState): readonly KeyOverview[] {
  return overviewOf(withChanges(configurations, answers));
}

/** The next question; undefined when all required settings are answered. */
export function nextQuestion(state: WizardState): Question | undefined {
  const overview = overviewWith(state);
  const open = overview.filter(({ key }) => !state.done.has(key));
  const first = open.find(
    (each) => decidingKeys.includes(each.key) || (each.key === REGION_KEY && each.state !== "set"),
  );
  if (first !== undefined) {
    return { kind: "setting", setting: first };
  }
  const required = open.filter(({ requiredBecause }) => requiredBecause !== undefined);
  const kept = required.filter((each) => each.state === "set").map(({ key }) => key);
  if (kept.length > 0 && !state.offered.has("keep")) {
    return { kind: "keep", keys: kept };
  }
  const generated = missingGenerated(open);
  if (generated.length > 0 && !state.offered.has("generate")) {
    return { kind: "generate", keys: generated };
  }
  const next = required[0] ?? open.find((each) => each.state === "wrong");
  return next === undefined ? undefined : { kind: "setting", setting: next };
}

/**
 * Why the text cannot be the key's value, as text after the key's name; undefined when it can. Faults of other keys are left out: their
 * answers may still come.
 */
export function problemWith(state: WizardState, key: ConfigurationKey, text: string): string | undefined {
  const { refused } = assess(state.configurations, new Map([...state.answers, [key, text]]));
  return refused.find((fault) => fault.key === key)?.message;
}

/** The state after an answer; undefined leaves a key to its default, or as it is where it has none. */
export function withAnswer(state: WizardState, key: ConfigurationKey, text: string | undefined): WizardState {
  const answers = new Map(state.answers);
  const isSet = state.configurations.some(({ layer, values }) => values.has(fullKey(layer, key)));
  answers.delete(key);
  if (text === undefined ? isSet : isSet || text !== defaultText({ ...state, answers }, key)) {
    answers.set(key, text);
  }
  return { ...state, answers, done: new Set([...state.done, key]) };
}

function defaultText(state: WizardState, key: ConfigurationKey): string | undefined {
  const { state: keyState, value } = overviewWith(state).find((each) => each.key === key) ?? {};
  return keyState === "default" ? value : undefined;
}

/** The state after keys were left as they are. */
export function withKept(state: WizardState, keys: readonly ConfigurationKey[]): WizardState {
  return { ...state, done: new Set([...state.done, ...keys]) };
}

/** The state after an offer was answered. */
export function withOffer(state: WizardState, offer: Offer): WizardState {
  return { ...state, offered: new Set([...state.offered, offer]) };
}

/** Whether the key is not required, and no other answers would make it required. */
export function isOptional({ key, state, requiredBecause }: KeyOverview): boolean {
  const isOfOtherAnswers = state === "not needed" && descriptionOf(key).required !== undefined;
  return requiredBecause === undefined && !isOfOtherAnswers && !decidingKeys.includes(key);
}
