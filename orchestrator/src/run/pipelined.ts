/**
 * Runs layers as early as possible, each in its own state. A layer with reasons of its own starts at once, and its program
 * waits for single outputs of the layers before it. Any other layer waits until those have ended, and is decided on then.
 */
import { layerByName, type LayerName } from "@proliferate-infra/shared/layers";
import type { RolloutObserver } from "../model/observer.ts";
import type { OutputRelay } from "../output-relay/server.ts";
import { isGood, resultWithoutRun, type LayerResult } from "../model/results.ts";
import { blockedBy } from "../model/selection.ts";
import type { Decision, LayerSteps } from "./layer-steps.ts";

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
  const { ended, reasons } = await decide(layer, upstreams, steps);
  if (ended?.status === "unchanged") {
    relay.useState(layer);
    return ended;
  }
  if (ended !== undefined || stop.aborted) {
    relay.end(layer, false);
    return ended ?? resultWithoutRun(layer, { status: "not-reached" });
  }
  const run = await steps.run(layer, reasons);
  relay.end(layer, isGood(run.status));
  // The fingerprint that is recorded contains the outputs of the upstreams, so these must have ended.
  const cause = blockedBy(await Promise.all(upstreams));
  const result = run.status === "failed" && cause !== undefined ? { ...run, status: "blocked" as const, cause } : run;
  await steps.record(result);
  return result;
}

/** Decides at once when the layer has reasons of its own, else once its upstreams have ended. */
async function decide(
  layer: LayerName,
  upstreams: readonly Promise<LayerResult>[],
  steps: Pipeline["steps"],
): Promise<Decision> {
  const decision = await steps.decide(layer);
  if (decision.ended === undefined || upstreams.length === 0) {
    return decision;
  }
  const cause = blockedBy(await Promise.all(upstreams));
  return cause === undefined ? steps.decide(layer) : { ended: resultWithoutRun(layer, { status: "blocked", cause }) };
}
