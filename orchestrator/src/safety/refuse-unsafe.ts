/** What a rollout looks at under the lock, before it deploys. */
import type { LayerName } from "@proliferate-infra/shared/layers";
import { UserError } from "@proliferate-infra/backend/errors";
import type { ObjectStore } from "@proliferate-infra/backend/storage/object-store";
import { faultText } from "@proliferate-infra/backend/fault";
import { readPreconditions } from "./preconditions.ts";

/** How strict a deployment is. */
export interface SafetyOptions {
  readonly warn: (line: string) => void;
  /** What an upstream brings about whose last update failed. A release must be possible then; a deployment waits. */
  readonly risks: "refuse" | "warn";
}

/**
 * Refuses to deploy `order` on unsound ground. `warn` is told of outputs that will go and are still read, and of upstreams
 * whose last update failed where these are no reason to stop: see `risks`.
 *
 * @throws UserError that lists every reason.
 */
export async function refuseUnsafe(
  store: ObjectStore,
  stack: string,
  order: readonly LayerName[],
  { warn, risks: onRisk }: SafetyOptions,
): Promise<void> {
  const { contracts, states, risks, deprecated } = await readPreconditions(store, stack, order);
  [...deprecated, ...(onRisk === "warn" ? risks : [])].map(faultText).forEach(warn);
  const faults = [...contracts, ...states, ...(onRisk === "refuse" ? risks : [])];
  if (faults.length > 0) {
    throw new UserError(faults.map(faultText).join("\n"));
  }
}
