/** Deploys layers in order and stops at the first failure. */
import type { RolloutObserver } from "../model/observer.ts";
import type { LayerName } from "@proliferate-infra/shared/layers";
import { EngineFailure, type EngineOperation, type Progress } from "../model/layer-engine.ts";
import { resultsAfterFailure } from "../model/selection.ts";
import { hasChanges, NO_CHANGES, type LayerResult } from "../model/results.ts";

/** One operation on one layer. */
export type LayerOperation = (layer: LayerName) => Promise<LayerResult>;

/** Milliseconds since some start; injected so that tests need not wait. */
export type Clock = () => number;

/** An operation of the engine as a layer's result; a failure becomes a result too. */
export function operation(
  operate: EngineOperation,
  observer: RolloutObserver,
  clock: Clock = Date.now,
): LayerOperation {
  return async (layer) => {
    const startedAt = clock();
    observer.started(layer);
    const onProgress = (progress: Progress) => {
      observer.working(layer, progress);
    };
    try {
      const { changes, outputs, resources } = await operate(layer, onProgress);
      const status = hasChanges(changes) ? "succeeded" : "unchanged";
      return { layer, status, startedAt, durationMs: clock() - startedAt, changes, outputs, resources };
    } catch (error) {
      if (!(error instanceof EngineFailure)) {
        throw error;
      }
      const status = error.interrupted ? "interrupted" : "failed";
      return {
        layer,
        status,
        reason: error.message,
        startedAt,
        durationMs: clock() - startedAt,
        changes: error.changes,
        outputs: {},
        resources: error.resources,
      };
    }
  };
}

/** Runs `operate` on each layer in the given order. After a failure, or once `stop` is aborted, no further layer starts. */
export async function runInOrder(
  layers: readonly LayerName[],
  operate: LayerOperation,
  observer: RolloutObserver,
  stop: AbortSignal,
): Promise<readonly LayerResult[]> {
  const results: LayerResult[] = [];
  const add = (result: LayerResult) => {
    results.push(result);
    observer.ended(result);
  };
  for (const [index, layer] of layers.entries()) {
    if (stop.aborted) {
      add({ layer, status: "not-reached", durationMs: 0, changes: NO_CHANGES, outputs: {} });
      continue;
    }
    const result = await operate(layer);
    add(result);
    if (result.status === "failed") {
      resultsAfterFailure(layer, layers.slice(index + 1)).forEach(add);
      break;
    }
  }
  return results;
}
