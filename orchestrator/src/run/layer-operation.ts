/** An operation of the engine on one layer, with a result in place of an exception when it fails. */
import type { LayerName } from "@proliferate-infra/shared/layers";
import { EngineFailure, type EngineOperation } from "../model/layer-engine.ts";
import type { RolloutObserver } from "../model/observer.ts";
import { isExpired } from "@proliferate-infra/backend/aws/credentials-fault";
import { shortUrn } from "../model/urn.ts";
import { withAdvice, type AdvicePlace } from "../aws/advice/advice.ts";
import { hasChanges, type LayerResult } from "../model/results.ts";

/** One operation on one layer. */
export type LayerOperation = (layer: LayerName) => Promise<LayerResult>;

/**
 * `operate` as an operation that reports its progress to `observer`, with advice in the reason of a failure. Errors other than EngineFailure are
 * thrown.
 */
export function layerOperation(
  operate: EngineOperation,
  observer: RolloutObserver,
  place: AdvicePlace,
): LayerOperation {
  return async (layer) => {
    const startedAt = Date.now();
    observer.started(layer);
    try {
      const { changes, outputs, resources } = await operate(layer, (progress) => {
        observer.progressed(layer, progress);
      });
      const status = hasChanges(changes) ? "succeeded" : "unchanged";
      return { layer, status, startedAt, durationMs: Date.now() - startedAt, changes, outputs, resources };
    } catch (error) {
      if (!(error instanceof EngineFailure)) {
        throw error;
      }
      const { changes, resources } = error;
      const reason = [withAdvice(error.message, place), ...unsure(error)].join("\n\n");
      const status = error.interrupted ? "interrupted" : "failed";
      return { layer, status, reason, startedAt, durationMs: Date.now() - startedAt, changes, outputs: {}, resources };
    }
  };
}

/** In milliseconds. The engine stops at the first state that it cannot write, but other resources may end meanwhile. */
const UNSURE_MS = 60_000;

/** After the end of an AWS session: what the state may lack, because it was at work or had just ended. */
function unsure(failure: EngineFailure): readonly string[] {
  if (!isExpired(failure)) {
    return [];
  }
  const last = Math.max(...failure.resources.map(({ startedAt, endedAt }) => endedAt ?? startedAt));
  const steps = failure.resources.filter(({ endedAt, failed }) => failed || (endedAt ?? last) > last - UNSURE_MS);
  const lines = new Set(steps.map(({ urn, op }) => `  ${op} ${shortUrn(urn)}`));
  return lines.size === 0 ? [] : [["AWS may have done this, and the state may lack it:", ...lines].join("\n")];
}
