/**
 * Previews a layer with stateful resources before it is deployed. Pulumi's `protect` refuses a deletion too, but only when it
 * reaches the resource, after others have changed, and not where protection is off.
 */
import type { LayerName } from "@proliferate-infra/shared/layers";
import { EngineFailure, type EngineOperation, type LayerEngine } from "../model/layer-engine.ts";
import { NO_CHANGES } from "../model/results.ts";
import { isStateful, losses, refusal } from "../model/stateful-resources.ts";

/** Reads the URNs of a layer's present resources. */
export type ResourcesOf = (layer: LayerName) => Promise<readonly string[]>;

/** Returns an `up` that throws EngineFailure when its plan deletes or replaces a stateful resource whose URN is not in `allowed`. */
export function refusingLosses(
  { up, preview }: Pick<LayerEngine, "up" | "preview">,
  resourcesOf: ResourcesOf,
  allowed: readonly string[],
): EngineOperation {
  return async (layer, onProgress) => {
    if ((await resourcesOf(layer)).some(isStateful)) {
      const plan = await preview(layer, () => undefined);
      const lost = losses(plan.resources, allowed);
      if (lost.length > 0) {
        throw new EngineFailure(refusal(layer, lost), { changes: NO_CHANGES, resources: [], interrupted: false });
      }
    }
    return up(layer, onProgress);
  };
}
