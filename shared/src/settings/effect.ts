/** What a changed setting does to an environment that is deployed. Pure. */
import type { ServiceName } from "../services.ts";

/** How a change takes effect, from the mildest to the gravest. */
export const effectKinds = {
  "at-once": "in place, at once",
  interruption: "in place, with an interruption",
  deferrable: "in place, at once or in the maintenance window (`applyChanges`)",
  rolling: "rolling deployment",
  replacement: "replacement, refused without `--allow-replace`",
  "creation-only": "only at creation, refused afterwards",
} as const;

export type EffectKind = keyof typeof effectKinds;

/** A change of one setting. Values have the types that programs get; undefined where there is none, and for secrets. */
export interface SettingChange {
  readonly before: unknown;
  readonly after: unknown;
}

/** Which changes have an effect. */
interface ChangeCase {
  /** Text, such as `to a lower value`. */
  readonly when: string;
  readonly holds: (change: SettingChange) => boolean;
}

export interface Effect {
  readonly kind: EffectKind;
  /** What happens, how long it takes, and what to do where the change is refused; in sentences. */
  readonly text: string;
  /** Services whose tasks are replaced by a rolling deployment. */
  readonly services: readonly ServiceName[];
  /** undefined: every change. */
  readonly only: ChangeCase | undefined;
}

/** The effects of a setting. A change has those whose case holds. */
export type Effects = readonly [Effect, ...Effect[]];

const effect = (kind: EffectKind, text: string): Effect => ({ kind, text, services: [], only: undefined });

export const atOnce = (text: string): Effect => effect("at-once", text);

/** @param text what is interrupted, and how long */
export const interruption = (text: string): Effect => effect("interruption", text);

/** AWS waits for the maintenance window unless `applyChanges` is `at-once`. */
export const deferrable = (text: string): Effect => effect("deferrable", text);

/** New tasks of these services replace the old ones, which stay until the new ones are healthy. */
export const rolling = (...services: readonly ServiceName[]): Effect => ({
  ...effect("rolling", `New tasks of ${listed(services)}.`),
  services,
});

/**
 * @param what is deleted or replaced
 * @param way how to get there without losing data, in sentences
 */
export const replacement = (what: string, way: string): Effect =>
  effect("replacement", `Deletes or replaces ${what}. ${way}`);

/** For what cannot be replaced without moving everything. */
export const moveData = "Create another environment and move the data.";

/** @param way how to get there, in sentences */
export const creationOnly = (way: string): Effect => effect("creation-only", way);

function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}

const inCase = (when: string, holds: ChangeCase["holds"]) => (each: Effect) => ({ ...each, only: { when, holds } });

/** Only a change to a lower number or version. */
export const toLower = inCase("to a lower value", ({ before, after }) => Number(after) < Number(before));
/** Only a change to a higher number or version. */
export const toHigher = inCase("to a higher value", ({ before, after }) => Number(after) > Number(before));
/** Only the removal of a setting without a default. */
export const removed = inCase("removed", ({ after }) => after === undefined);
/** Only `true`. */
export const toTrue = inCase("to true", ({ after }) => after === true);
/** Only `false`. */
export const toFalse = inCase("to false", ({ after }) => after === false);

/** Returns the effects of a change; without one, those of all changes. */
export function effectsOf({ effects }: { readonly effects: Effects }, change?: SettingChange): readonly Effect[] {
  return change === undefined ? effects : effects.filter(({ only }) => only === undefined || only.holds(change));
}

/** Whether `up` refuses a change with this effect, unless an option allows it. */
export function isRefused({ kind }: Effect): boolean {
  return kind === "replacement" || kind === "creation-only";
}

/** Returns an effect as text, such as `rolling deployment. New tasks of gateway.` */
export function effectText({ kind, text, only }: Effect): string {
  return `${only === undefined ? "" : `${only.when}: `}${effectKinds[kind]}. ${text}`;
}
