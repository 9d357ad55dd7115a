/**
 * Looks at a layer's plan before it is deployed, where there is something to lose. Pulumi's `protect` refuses the same, but
 * only at the resource itself, when others are changed already, and not where protection is off.
 */
import type { LayerName } from "@proliferate-infra/shared/layers";
import { EngineFailure, type EngineOperation, type LayerEngine } from "../model/layer-engine.ts";
import { NO_CHANGES } from "../model/results.ts";
import { isStateful, losses, refusal } from "../model/stateful-resources.ts";

/** What a layer's resources are now, by URN. */
export type ResourcesOf = (layer: LayerName) => Promise<readonly string[]>;

/** `up`, unless the plan would lose a stateful resource that is not in `allowed`; then it throws EngineFailure. */
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
