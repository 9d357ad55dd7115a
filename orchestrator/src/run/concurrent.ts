/**
 * Previews layers at the same time. Each program gets the planned outputs of the others through the relay as soon as they
 * are known, so the chain takes the time of its slowest part and works before anything is deployed.
 */
import { dependentsOf, layerByName, type LayerName } from "@proliferate-infra/shared/layers";
import { blockedBy } from "../model/selection.ts";
import type { OutputRelay } from "../output-relay/server.ts";
import type { LayerResult } from "../model/results.ts";
import type { LayerOperation } from "./layer-operation.ts";

/** Previews `layers` with `operate`, whose programs are connected by `relay`. */
export async function runConcurrently(
  layers: readonly LayerName[],
  operate: LayerOperation,
  relay: Pick<OutputRelay, "end" | "unknownInputs">,
): Promise<readonly LayerResult[]> {
  const previews = layers.map(async (layer) => {
    const result = await operate(layer);
    relay.end(layer, false);
    const unknownInputs = relay.unknownInputs(layer);
    return unknownInputs.length === 0 ? result : { ...result, unknownInputs };
  });
  return withBlocked(await Promise.all(previews));
}

/**
 * Layers whose plan is known to be empty: a deployment would not run them, by `reasons`, nor any layer that they build on. A layer
 * that a deployment would run may change the inputs of those that build on it.
 */
export function upToDateLayers(
  layers: readonly LayerName[],
  reasons: (layer: LayerName) => readonly string[] | undefined,
): ReadonlySet<LayerName> {
  const running = layers.filter((layer) => reasons(layer) !== undefined);
  const affected = new Set([...running, ...running.flatMap(dependentsOf)]);
  return new Set(layers.filter((layer) => !affected.has(layer)));
}

/** The results, in which a layer that failed after one of its upstreams is blocked by the first that failed. */
export function withBlocked(results: readonly LayerResult[]): readonly LayerResult[] {
  const known: LayerResult[] = [];
  for (const result of results) {
    const { upstreams } = layerByName(result.layer);
    const cause = blockedBy(known.filter(({ layer }) => upstreams.includes(layer)));
    known.push(result.status === "failed" && cause !== undefined ? blocked(result, cause) : result);
  }
  return known;
}

/** Without the reason, which only repeats that an upstream has failed. */
function blocked({ layer, durationMs, changes, outputs }: LayerResult, cause: LayerName): LayerResult {
  return { layer, status: "blocked", cause, durationMs, changes, outputs };
}
