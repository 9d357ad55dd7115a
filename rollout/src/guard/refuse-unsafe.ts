/** What a rollout looks at under the lock, before it deploys. */
import type { LayerName } from "@proliferate-infra/shared/layers";
import { InvalidRequest } from "../layer-results.ts";
import type { ObjectStore } from "../object-store/object-store.ts";
import { faultText } from "./fault.ts";
import { readGround } from "./ground.ts";

/**
 * Refuses to deploy `order` on unsound ground. `warn` is told of outputs that will go and are still read.
 *
 * @throws InvalidRequest that lists every reason.
 */
export async function refuseUnsafe(
  store: ObjectStore,
  stack: string,
  order: readonly LayerName[],
  warn: (line: string) => void,
): Promise<void> {
  const { contracts, states, deprecated } = await readGround(store, stack, order);
  deprecated.map(faultText).forEach(warn);
  const faults = [...contracts, ...states];
  if (faults.length > 0) {
    throw new InvalidRequest(faults.map(faultText).join("\n"));
  }
}
