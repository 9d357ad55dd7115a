/** What the catalog says of one configuration key, and the builders that it is written with. */
import type { LayerName } from "../layers.ts";
import type { ValueKind } from "../values/value-kinds.ts";

/**
 * Settings that decide about others, read first. A layer that does not have one of them sees undefined.
 */
export interface DecidingValues {
  /** Stack name, such as `prod`. */
  readonly stack: string;
  /** Value of `aws:region`. */
  readonly region: string;
  readonly deploymentProfile?: "cloud" | "self_host";
  readonly protectResources?: boolean;
  readonly enableLlmProxy?: boolean;
  readonly enableRds?: boolean;
  readonly defaultSandboxProvider?: "e2b" | "modal";
  readonly integrationsEnabled?: boolean;
  readonly databaseTlsVerification?: "none" | "full";
  readonly appUrl?: string;
  readonly vpcCidr?: string;
}

/** A condition on other settings, with the words for messages and documentation. */
export interface Condition {
  /** Such as `enableRds is true`. */
  readonly when: string;
  readonly holds: (values: DecidingValues) => boolean;
  /** Command that sets the missing key; undefined where it is the usual one, which sets it in one layer. */
  readonly command?: (key: string, stack: string) => string;
}

/** A default: the same for all, or derived from other settings. */
export interface Default<T> {
  /** How the documentation shows it. */
  readonly shown: string;
  readonly value: (values: DecidingValues) => T;
}

/** What a new value of a secret that is in use brings about. */
interface Rotation {
  /** What people and services notice, as a sentence. */
  readonly effect: string;
  /** Word by which an operator accepts that something is lost for good; undefined when nothing is. */
  readonly loses?: string;
}

/** Facts about a key that do not depend on its presence. */
export interface SettingFacts<L extends LayerName, S extends boolean> {
  /** Layers whose configuration has the key. */
  readonly layers: readonly L[];
  /** Whether the value must be encrypted. */
  readonly secret: S;
  /** One line: meaning, unit, cost. */
  readonly description: string;
  /** Environment variable that services get the value in. */
  readonly variable?: string;
  /** Whether a change replaces a resource that holds data or names. */
  readonly replaces?: string;
  /** Whether the wizard makes up a random value, because nobody has to know it. */
  readonly generated?: boolean;
  /** What `rollout rotate` says before it changes the value; every secret has it. */
  readonly rotation?: Rotation;
}

/** One key of the catalog. `V` is the type that programs see. */
export interface Setting<
  V = unknown,
  L extends LayerName = LayerName,
  S extends boolean = boolean,
> extends SettingFacts<L, S> {
  readonly kind: ValueKind<NonNullable<V>>;
  readonly required: Condition | undefined;
  readonly default: Default<V> | undefined;
}

const ALWAYS: Condition = { when: "always", holds: () => true };

/** A key that must be set in every environment. */
export function required<T extends {}, const L extends LayerName, const S extends boolean>(
  kind: ValueKind<T>,
  facts: SettingFacts<L, S>,
): Setting<T, L, S> {
  return { ...facts, kind, required: ALWAYS, default: undefined };
}

/** A key that must be set under a condition, and may be set otherwise. */
export function requiredWhen<T extends {}, const L extends LayerName, const S extends boolean>(
  condition: Condition,
  kind: ValueKind<T>,
  facts: SettingFacts<L, S>,
): Setting<T | undefined, L, S> {
  return { ...facts, kind, required: condition, default: undefined };
}

/** A key that may be left out; programs then see undefined. */
export function optional<T extends {}, const L extends LayerName, const S extends boolean>(
  kind: ValueKind<T>,
  facts: SettingFacts<L, S>,
): Setting<T | undefined, L, S> {
  return { ...facts, kind, required: undefined, default: undefined };
}

/** A key with a default: a value, or one derived from other settings. */
export function defaulted<T extends {}, const L extends LayerName, const S extends boolean>(
  fallback: NoInfer<T> | Default<NoInfer<T>>,
  kind: ValueKind<T>,
  facts: SettingFacts<L, S>,
): Setting<T, L, S> {
  const isDerived = typeof fallback === "object" && "shown" in fallback;
  const derived = isDerived ? (fallback as Default<T>) : { shown: shownDefault(fallback), value: () => fallback };
  return { ...facts, kind, required: undefined, default: derived };
}

function shownDefault(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
