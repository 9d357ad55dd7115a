/** Reads what decides whether others may build on a layer. */
import type { LayerName } from "@proliferate-infra/shared/layers";
import type { ObjectStore } from "../storage/object-store.ts";
import { pulumiLocksOf } from "../lock/pulumi-locks.ts";
import { lastUpdate } from "../pulumi-files/history.ts";
import type { LayerState } from "../pulumi-files/state.ts";
import { readState } from "../pulumi-files/read-states.ts";
import type { LayerHealth } from "./unsafe-states.ts";

/** A layer's health and outputs. */
export interface ObservedLayer extends LayerHealth, Pick<LayerState, "outputs"> {}

/** The health of these layers. */
export function readHealth(
  store: ObjectStore,
  stack: string,
  layers: readonly LayerName[],
): Promise<readonly ObservedLayer[]> {
  return Promise.all(
    layers.map(async (layer) => {
      const [{ pendingOperations, outputs }, last, locks] = await Promise.all([
        readState(store, stack, layer),
        lastUpdate(store, stack, layer),
        store.list(pulumiLocksOf(stack, layer)),
      ]);
      return { layer, pendingOperations, outputs, lastUpdate: last, isLocked: locks.length > 0 };
    }),
  );
}
