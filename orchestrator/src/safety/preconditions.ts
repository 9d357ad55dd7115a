/** Whether a run can begin: outputs that deployed layers read, layers that the run leaves out, interrupted operations. */
import { layerByName, type LayerName } from "@proliferate-infra/shared/layers";
import type { LayerConfiguration } from "@proliferate-infra/shared/settings/read-settings";
import { Ledger } from "../history/ledger.ts";
import type { ObjectStore } from "@proliferate-infra/backend/storage/object-store";
import { brokenOutputs, deprecatedReads } from "./contracts.ts";
import { lackingOutputs } from "./lacking-outputs.ts";
import type { Fault } from "@proliferate-infra/backend/fault";
import { readHealth } from "@proliferate-infra/backend/program/health";
import { undeployedSettings } from "@proliferate-infra/backend/program/deployed-settings";
import { cutOffOperations, runningUpdates, upstreamRisks } from "@proliferate-infra/backend/program/unsafe-states";

export interface Preconditions {
  /**
   * Outputs that deployed layers would lose; outputs that layers of the run need and that are missing; common settings that differ from
   * what upstreams were deployed with.
   */
  readonly contracts: readonly Fault[];
  /** Running updates of upstreams. */
  readonly states: readonly Fault[];
  /** Upstreams whose last update failed or was interrupted. */
  readonly risks: readonly Fault[];
  /** Operations of the run's own layers that were cut off. The run completes them. */
  readonly cutOff: readonly Fault[];
  /** Deprecated outputs that are still read. They do not stop a run. */
  readonly deprecated: readonly Fault[];
}

/** Reads the preconditions of a run of the layers in `order`, with these configurations. */
export async function readPreconditions(
  store: ObjectStore,
  stack: string,
  order: readonly LayerName[],
  configurations: readonly LayerConfiguration[],
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
    contracts: [
      ...brokenOutputs(order, consumed),
      ...lackingOutputs(stack, order, builtOn),
      ...configurations.flatMap((each) =>
        undeployedSettings(
          each,
          builtOn.filter(({ layer }) => layerByName(each.layer).upstreams.includes(layer)),
        ),
      ),
    ],
    states: runningUpdates(stack, builtOn),
    risks: upstreamRisks(stack, builtOn),
    cutOff: own.flatMap((health) => cutOffOperations(stack, health)),
    deprecated: deprecatedReads(order),
  };
}
