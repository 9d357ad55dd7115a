/** What a rollout looks at under the lock, before it deploys. */
import type { LayerName } from "@proliferate-infra/shared/layers";
import { UserError } from "@proliferate-infra/backend/errors";
import type { ObjectStore } from "@proliferate-infra/backend/storage/object-store";
import { faultText } from "@proliferate-infra/backend/fault";
import { readPreconditions } from "./preconditions.ts";

/**
 * Refuses to deploy `order` on unsound ground. `warn` is told of outputs that will go and are still read.
 *
 * @throws UserError that lists every reason.
 */
export async function refuseUnsafe(
  store: ObjectStore,
  stack: string,
  order: readonly LayerName[],
  warn: (line: string) => void,
): Promise<void> {
  const { contracts, states, deprecated } = await readPreconditions(store, stack, order);
  deprecated.map(faultText).forEach(warn);
  const faults = [...contracts, ...states];
  if (faults.length > 0) {
    throw new UserError(faults.map(faultText).join("\n"));
  }
}
