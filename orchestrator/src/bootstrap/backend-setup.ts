/** What `rollout setup` has to know of a kind of state, whether in AWS or in a folder. */
import type { EnvironmentFacts } from "@proliferate-infra/backend/environment/environment-file";
import type { ObjectStore } from "@proliferate-infra/backend/storage/object-store";
import type { PlanItem } from "./plan-item.ts";

/** A state that was looked at and can be set up. */
export interface BackendSetup {
  readonly facts: EnvironmentFacts;
  readonly items: readonly PlanItem[];
  /** Where the states are; undefined before the bucket exists. */
  readonly store: ObjectStore | undefined;
  /** Variables for every `pulumi` that works on it; undefined removes one. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** Carries the items out. Returns where the states are now. */
  readonly apply: () => Promise<ObjectStore>;
}
