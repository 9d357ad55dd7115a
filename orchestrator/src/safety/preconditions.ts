/** What a run is built on: outputs that deployed layers read, layers that it leaves out, operations that were cut off. */
import { layerByName, type LayerName } from "@proliferate-infra/shared/layers";
import { Ledger } from "../history/ledger.ts";
import type { ObjectStore } from "@proliferate-infra/backend/storage/object-store";
import { brokenOutputs, deprecatedReads } from "./contracts.ts";
import { lackingOutputs } from "./lacking-outputs.ts";
import type { Fault } from "@proliferate-infra/backend/fault";
import { readHealth } from "@proliferate-infra/backend/program/health";
import { pendingFaults, runningUpdates, upstreamRisks } from "@proliferate-infra/backend/program/unsafe-states";

/** What speaks against a run. */
export interface Preconditions {
  /** Outputs that would be taken away from deployed layers, or that are not there to be read. */
  readonly contracts: readonly Fault[];
  /** Updates of upstreams that are running, operations of the run's own layers that were cut off. */
  readonly states: readonly Fault[];
  /** Upstreams whose last update failed or was cut off. */
  readonly risks: readonly Fault[];
  /** Outputs that will go and are still read; no reason to stop. */
  readonly deprecated: readonly Fault[];
}

/** Looks at what a run of the layers in `order` would be built on. */
export async function readPreconditions(
  store: ObjectStore,
  stack: string,
  order: readonly LayerName[],
): Promise<Preconditions> {
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
    states: [...runningUpdates(stack, builtOn), ...own.flatMap((health) => pendingFaults(stack, health))],
    risks: upstreamRisks(stack, builtOn),
    deprecated: deprecatedReads(order),
  };
}
