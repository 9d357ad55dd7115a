/** What a rollout looks at before it deploys: layers that it leaves out but builds on, and operations that were cut off. */
import { layerByName, type LayerName } from "@proliferate-infra/shared/layers";
import { InvalidRequest } from "../layer-results.ts";
import type { ObjectStore } from "../object-store/object-store.ts";
import { readHealth } from "./read-health.ts";
import { pendingFaults, upstreamFaults } from "./unsafe-states.ts";

/**
 * Refuses to deploy `order` on unsound ground.
 *
 * @throws InvalidRequest that lists every reason.
 */
export async function refuseUnsafe(store: ObjectStore, stack: string, order: readonly LayerName[]): Promise<void> {
  const upstreams = new Set(order.flatMap((layer) => layerByName(layer).upstreams));
  const leftOut = [...upstreams].filter((layer) => !order.includes(layer));
  const [builtOn, own] = await Promise.all([readHealth(store, stack, leftOut), readHealth(store, stack, order)]);
  const faults = [...upstreamFaults(stack, builtOn), ...own.flatMap((health) => pendingFaults(stack, health))];
  if (faults.length > 0) {
    throw new InvalidRequest(faults.join("\n"));
  }
}
