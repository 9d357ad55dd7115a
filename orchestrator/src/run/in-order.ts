/** Runs layers one after another and stops at the first failure. */
import { dependentsOf, type LayerName } from "@proliferate-infra/shared/layers";
import type { RolloutObserver } from "../model/observer.ts";
import { resultWithoutRun, type LayerResult } from "../model/results.ts";
import type { LayerOperation } from "./layer-operation.ts";

/** Runs `operate` on each layer in the given order. After a failure, or once `stop` is aborted, no further layer starts. */
export async function runInOrder(
  layers: readonly LayerName[],
  operate: LayerOperation,
  observer: Pick<RolloutObserver, "ended">,
  stop: AbortSignal,
): Promise<readonly LayerResult[]> {
  const results: LayerResult[] = [];
  const add = (result: LayerResult) => {
    results.push(result);
    observer.ended(result);
  };
  for (const layer of layers) {
    const failed = results.find(({ status }) => status === "failed")?.layer;
    if (failed !== undefined && dependentsOf(failed).includes(layer)) {
      add(resultWithoutRun(layer, { status: "blocked", cause: failed }));
    } else if (failed !== undefined || stop.aborted) {
      add(resultWithoutRun(layer, { status: "not-reached" }));
    } else {
      add(await operate(layer));
    }
  }
  return results;
}
