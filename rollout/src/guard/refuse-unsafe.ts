/**
 * What a rollout looks at before it deploys: outputs that deployed layers would lose, layers that it leaves out but builds
 * on, and operations that were cut off.
 */
import { layerByName, type LayerName } from "@proliferate-infra/shared/layers";
import { InvalidRequest } from "../layer-results.ts";
import type { ObjectStore } from "../object-store/object-store.ts";
import { Ledger } from "../ledger/ledger.ts";
import { brokenOutputs, deprecatedReads } from "./contract-guard.ts";
import { readHealth } from "./read-health.ts";
import { pendingFaults, upstreamFaults } from "./unsafe-states.ts";

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
  const upstreams = new Set(order.flatMap((layer) => layerByName(layer).upstreams));
  const leftOut = [...upstreams].filter((layer) => !order.includes(layer));
  const [builtOn, own, records] = await Promise.all([
    readHealth(store, stack, leftOut),
    readHealth(store, stack, order),
    new Ledger(store, stack).layers(),
  ]);
  const consumed = new Map([...records].map(([layer, { good }]) => [layer, good?.consumed ?? {}]));
  const faults = [
    ...brokenOutputs(order, consumed),
    ...upstreamFaults(stack, builtOn),
    ...own.flatMap((health) => pendingFaults(stack, health)),
  ];
  deprecatedReads(order).forEach(warn);
  if (faults.length > 0) {
    throw new InvalidRequest(faults.join("\n"));
  }
}
