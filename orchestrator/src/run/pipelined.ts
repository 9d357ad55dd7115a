/**
 * Runs layers as early as they can, each in its own state. One with reasons of its own starts at once, and waits for single
 * outputs of the layers before it where it needs them; any other one waits until those have ended, and is decided on then.
 */
import { layerByName, type LayerName } from "@proliferate-infra/shared/layers";
import type { RolloutObserver } from "../model/observer.ts";
import type { OutputRelay } from "../output-relay/server.ts";
import { isGood, NO_CHANGES, type LayerResult } from "../model/results.ts";
import type { LayerSteps } from "./layer-steps.ts";
import { blockedBy } from "./blocked-by.ts";

/** What a pipelined run works with. */
export interface Pipeline {
  readonly steps: LayerSteps;
  readonly relay: Pick<OutputRelay, "end" | "useState">;
  readonly observer: RolloutObserver;
  /** Once it is aborted, no further layer starts. */
  readonly stop: AbortSignal;
}

/** Runs `layers`, which are in the order of deployment. */
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
  const result = await steps.run(layer, decision.reasons);
  relay.end(layer, isGood(result.status));
  // What is kept names the outputs that the layer was built with: those of layers that have ended.
  const cause = blockedBy(await Promise.all(upstreams));
  const told =
    result.status === "failed" && cause !== undefined ? { ...result, status: "blocked" as const, cause } : result;
  await steps.keep(told);
  return told;
}
