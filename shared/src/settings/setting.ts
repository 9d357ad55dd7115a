/** The type of one configuration key in the catalog, and the functions that create such keys. */
import type { LayerName } from "../layers.ts";
import type { ValueKind } from "../values/value-kinds.ts";
import type { Effects } from "./effect.ts";

/**
 * Settings that conditions and defaults of other settings depend on. A key is undefined in layers that do not have it.
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
  readonly createS3Bucket?: boolean;
  readonly defaultSandboxProvider?: "e2b" | "modal";
  readonly integrationsEnabled?: boolean;
  readonly databaseTlsVerification?: "none" | "full";
  readonly appUrl?: string;
  readonly vpcCidr?: string;
}

/** A condition on other settings, with its text for messages and documentation. */
export interface Condition {
  /** Text of the condition, such as `enableRds is true`. */
  readonly when: string;
  readonly holds: (values: DecidingValues) => boolean;
  /** Returns the command that sets the missing key. undefined for the usual command, which sets it in one layer. */
  readonly command?: (key: string, stack: string) => string;
}

/** A default value: constant, or derived from other settings. */
export interface Default<T> {
  /** Text in the documentation. */
  readonly shown: string;
  readonly value: (values: DecidingValues) => T;
}

/** Consequences of a new value for a secret that is in use. */
interface Rotation {
  /** Effect on people and services, as a sentence. */
  readonly effect: string;
  /** Value of `--accept` with which an operator accepts permanent loss; undefined when nothing is lost. */
  readonly loses?: string;
}

/** Facts about a key that are the same for required, optional and defaulted keys. */
export interface SettingFacts<L extends LayerName, S extends boolean> {
  /** Layers whose configuration has the key. */
  readonly layers: readonly L[];
  /** Whether the value must be encrypted. */
  readonly secret: S;
  /** One line: meaning, unit, cost. */
  readonly description: string;
  /** Environment variable in which the services get the value. */
  readonly variable?: string;
  /** What a change does to an environment that is deployed. */
  readonly effects: Effects;
  /**
   * Whether the layers after the first one of `layers` read the value from its outputs. A value of their own is allowed, and must be
   * equal. Conditions and rules of such a layer must not depend on the key.
   */
  readonly inherited?: boolean;
  /**
   * Whether a later layer may be false before the earlier ones are: what uses the resources is removed before the resources. For yes-or-no
   * keys only.
   */
  readonly turnedOffInReverse?: boolean;
  /** Whether `rollout configure` may generate a random value, because no person needs to know it. */
  readonly generated?: boolean;
  /** What `rollout rotate` prints before it changes the value. Every secret has it. */
  readonly rotation?: Rotation;
}

/** One key of the catalog. `V` is the type of its value in programs. */
export interface Setting<
  V = unknown,
  L extends LayerName = LayerName,
  S extends boolean = boolean,
> extends SettingFacts<L, S> {
  readonly kind: ValueKind<NonNullable<V>>;
  readonly required: Condition | undefined;
  readonly default: Default<V> | undefined;
}

/**
 * The condition under which documents call a key required; undefined for a key with a default. `protectResources` has both: only stacks named
 * `dev*` must set it, which its description explains.
 */
export function requirementOf({ required, default: fallback }: Setting): Condition | undefined {
  return fallback === undefined ? required : undefined;
}

const ALWAYS: Condition = { when: "always", holds: () => true };

/** A key that must be set in every environment. */
export function required<T extends {}, const L extends LayerName, const S extends boolean>(
  kind: ValueKind<T>,
  facts: SettingFacts<L, S>,
): Setting<T, L, S> {
  return { ...facts, kind, required: ALWAYS, default: undefined };
}

/** A key that must be set when a condition holds. Otherwise it is optional. */
export function requiredWhen<T extends {}, const L extends LayerName, const S extends boolean>(
  condition: Condition,
  kind: ValueKind<T>,
  facts: SettingFacts<L, S>,
): Setting<T | undefined, L, S> {
  return { ...facts, kind, required: condition, default: undefined };
}

/** A key that may be left out. Programs then get undefined. */
export function optional<T extends {}, const L extends LayerName, const S extends boolean>(
  kind: ValueKind<T>,
  facts: SettingFacts<L, S>,
): Setting<T | undefined, L, S> {
  return { ...facts, kind, required: undefined, default: undefined };
}

/** A key with a default: constant, or derived from other settings. */
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

/** A typed value as its text in a settings file. */
export function textOf(value: unknown): string {
  if (typeof value === "string") {
    return value;
  }
  return Array.isArray(value) ? value.join(",") : JSON.stringify(value);
}
