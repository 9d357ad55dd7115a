/** Runs layers one after another and stops at the first failure. */
import type { LayerName } from "@proliferate-infra/shared/layers";
import type { RolloutObserver } from "../model/observer.ts";
import { resultsAfterFailure } from "../model/selection.ts";
import { NO_CHANGES, type LayerResult } from "../model/results.ts";
import type { LayerOperation } from "./layer-operation.ts";

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
