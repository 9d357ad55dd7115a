/** The safety checks of a deployment, under the lock. */
import type { LayerName } from "@proliferate-infra/shared/layers";
import type { LayerConfiguration } from "@proliferate-infra/shared/settings/read-settings";
import { UserError } from "@proliferate-infra/backend/errors";
import type { ObjectStore } from "@proliferate-infra/backend/storage/object-store";
import { faultText } from "@proliferate-infra/backend/fault";
import { readPreconditions } from "./preconditions.ts";

export interface SafetyOptions {
  readonly warn: (line: string) => void;
  /** Whether a failed last update of an upstream is an error. For a release it is a warning: a release must stay possible then. */
  readonly risks: "refuse" | "warn";
}

/**
 * Refuses a deployment of `order` with these configurations whose preconditions do not hold. `warn` gets what does not stop it.
 *
 * @throws UserError that lists every reason.
 */
export async function refuseUnsafe(
  store: ObjectStore,
  stack: string,
  order: readonly LayerName[],
  configurations: readonly LayerConfiguration[],
  { warn, risks: onRisk }: SafetyOptions,
): Promise<void> {
  const preconditions = await readPreconditions(store, stack, order, configurations);
  const { contracts, states, risks, cutOff, deprecated } = preconditions;
  [...deprecated, ...(onRisk === "warn" ? risks : [])].map(faultText).forEach(warn);
  cutOff.forEach(({ message }) => {
    warn(`${message}\nThe deployment of the layer completes them first.`);
  });
  const faults = [...contracts, ...states, ...(onRisk === "refuse" ? risks : [])];
  if (faults.length > 0) {
    throw new UserError(faults.map(faultText).join("\n"));
  }
}
