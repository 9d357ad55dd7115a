/** What a run is built on: outputs that deployed layers read, layers that it leaves out, operations that were cut off. */
import { layerByName, type LayerName } from "@proliferate-infra/shared/layers";
import { Ledger } from "../ledger/ledger.ts";
import type { ObjectStore } from "../object-store/object-store.ts";
import { brokenOutputs, deprecatedReads } from "./contract-guard.ts";
import { lackingOutputs } from "./deployed-outputs.ts";
import type { Fault } from "./fault.ts";
import { readHealth } from "./read-health.ts";
import { pendingFaults, upstreamFaults } from "./unsafe-states.ts";

/** What speaks against a run. */
export interface Ground {
  /** Outputs that would be taken away from deployed layers, or that are not there to be read. */
  readonly contracts: readonly Fault[];
  /** Updates that failed, operations that were cut off. */
  readonly states: readonly Fault[];
  /** Outputs that will go and are still read; no reason to stop. */
  readonly deprecated: readonly Fault[];
}

/** Looks at what a run of the layers in `order` would be built on. */
export async function readGround(store: ObjectStore, stack: string, order: readonly LayerName[]): Promise<Ground> {
  const upstreams = new Set(order.flatMap((layer) => layerByName(layer).upstreams));
  const leftOut = [...upstreams].filter((layer) => !order.includes(layer));
  const [builtOn, own, records] = await Promise.all([
    readHealth(store, stack, leftOut),
    readHealth(store, stack, order),
    new Ledger(store, stack).layers(),
  ]);
  const consumed = new Map([...records].map(([layer, { good }]) => [layer, good?.consumed ?? {}]));
  return {
    contracts: [...brokenOutputs(order, consumed), ...lackingOutputs(stack, order, builtOn)],
    states: [...upstreamFaults(stack, builtOn), ...own.flatMap((health) => pendingFaults(stack, health))],
    deprecated: deprecatedReads(order),
  };
}
