/** What `rollout setup` has to know of a kind of state, whether in AWS or in a folder. */
import type { EnvironmentFacts } from "@proliferate-infra/backend/environment/environment-file";
import type { StateObjects } from "@proliferate-infra/backend/pulumi-files/stored-stacks";
import type { PlanItem } from "./plan-item.ts";

/** A state that was looked at and can be set up. */
export interface BackendSetup {
  readonly facts: EnvironmentFacts;
  readonly items: readonly PlanItem[];
  /** The state's objects; undefined as long as there is nothing that could hold any. */
  readonly objects: StateObjects | undefined;
  /** Variables for every `pulumi` that works on it; undefined removes one. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** Carries the items out. */
  readonly apply: () => Promise<void>;
}
