/**
 * Runs layers as early as possible, each in its own state. A layer with reasons of its own starts at once, and its program
 * waits for single outputs of the layers before it. Any other layer waits until those have ended, and is decided on then.
 */
import { layerByName, type LayerName } from "@proliferate-infra/shared/layers";
import type { RolloutObserver } from "../model/observer.ts";
import type { OutputRelay } from "../output-relay/server.ts";
import { isGood, NO_CHANGES, type LayerResult } from "../model/results.ts";
import { blockedBy } from "../model/selection.ts";
import type { LayerSteps } from "./layer-steps.ts";

export interface Pipeline {
  readonly steps: Pick<LayerSteps, "decide" | "run" | "record">;
  readonly relay: Pick<OutputRelay, "end" | "useState">;
  readonly observer: Pick<RolloutObserver, "ended">;
  /** Once it is aborted, no further layer starts. */
  readonly stop: AbortSignal;
}

/** Runs `layers`, given in the order of deployment. */
export async function runPipelined(layers: readonly LayerName[], pipeline: Pipeline): Promise<readonly LayerResult[]> {
  const started = new Map<LayerName, Promise<LayerResult>>();
  for (const layer of layers) {
    const upstreams = layerByName(layer).upstreams.flatMap((upstream) => started.get(upstream) ?? []);
    started.set(layer, runLayer(layer, upstreams, pipeline));
  }
  return Promise.all(started.values());
}

async function runLayer(
  layer: LayerName,
  upstreams: readonly Promise<LayerResult>[],
  pipeline: Pipeline,
): Promise<LayerResult> {
  const result = await resultOf(layer, upstreams, pipeline);
  pipeline.observer.ended(result);
  return result;
}

async function resultOf(
  layer: LayerName,
  upstreams: readonly Promise<LayerResult>[],
  { steps, relay, stop }: Pipeline,
): Promise<LayerResult> {
  const withoutRun = (result: Partial<LayerResult> & Pick<LayerResult, "status">): LayerResult => {
    relay.end(layer, false);
    return { layer, durationMs: 0, changes: NO_CHANGES, outputs: {}, ...result };
  };
  let decision = await steps.decide(layer);
  if (decision.ended !== undefined && upstreams.length > 0) {
    const cause = blockedBy(await Promise.all(upstreams));
    if (cause !== undefined) {
      return withoutRun({ status: "blocked", cause });
    }
    decision = await steps.decide(layer);
  }
  if (decision.ended?.status === "failed") {
    return withoutRun(decision.ended);
  }
  if (decision.ended !== undefined) {
    relay.useState(layer);
    return decision.ended;
  }
  if (stop.aborted) {
    return withoutRun({ status: "not-reached" });
  }
  const run = await steps.run(layer, decision.reasons);
  relay.end(layer, isGood(run.status));
  // The fingerprint that is recorded contains the outputs of the upstreams, so these must have ended.
  const cause = blockedBy(await Promise.all(upstreams));
  const result = run.status === "failed" && cause !== undefined ? { ...run, status: "blocked" as const, cause } : run;
  await steps.record(result);
  return result;
}
