/** Completes operations of a layer that were cut off, before the layer is deployed or destroyed. */
import type { LayerName } from "@proliferate-infra/shared/layers";
import { readState } from "@proliferate-infra/backend/pulumi-files/read-states";
import type { ObjectStore } from "@proliferate-infra/backend/storage/object-store";
import type { EngineOperation, LayerEngine } from "../model/layer-engine.ts";

/** `operate`, after the layer's cut-off operations have been completed. */
export function completingCutOff(
  operate: EngineOperation,
  { completeCutOff }: Pick<LayerEngine, "completeCutOff">,
  store: ObjectStore,
  stack: string,
): EngineOperation {
  const isCutOff = async (layer: LayerName) => (await readState(store, stack, layer)).pendingOperations.length > 0;
  return async (layer, onProgress) => {
    if (await isCutOff(layer)) {
      await completeCutOff(layer, onProgress);
    }
    return operate(layer, onProgress);
  };
}
