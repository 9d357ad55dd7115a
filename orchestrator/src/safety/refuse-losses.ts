/**
 * Previews a layer with stateful resources before it is deployed. Pulumi's `protect` refuses a deletion too, but only when it
 * reaches the resource, after others have changed, and not where protection is off.
 */
import { UserError } from "@proliferate-infra/backend/errors";
import type { LayerName } from "@proliferate-infra/shared/layers";
import { EngineFailure, type EngineOperation, type LayerEngine } from "../model/layer-engine.ts";
import { NO_CHANGES } from "../model/results.ts";
import { isStateful, losses, refusal } from "../model/stateful-resources.ts";

/** Reads the URNs of a layer's present resources. */
export type ResourcesOf = (layer: LayerName) => Promise<readonly string[]>;

/**
 * Refuses plans that delete or replace a stateful resource whose URN is not in `allowed`, before any layer is deployed. A plan
 * that cannot be made is not refused: the deployment shows why.
 *
 * @throws UserError with the resources of all layers.
 */
export async function refusePlannedLosses(
  preview: EngineOperation,
  layers: readonly LayerName[],
  allowed: readonly string[],
): Promise<void> {
  const refusals = layers.map(async (layer) => {
    const { resources } = await preview(layer, () => undefined).catch(() => ({ resources: [] }));
    const lost = losses(resources, allowed);
    return lost.length > 0 ? [refusal(layer, lost)] : [];
  });
  const found = (await Promise.all(refusals)).flat();
  if (found.length > 0) {
    throw new UserError(found.join("\n"));
  }
}

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
