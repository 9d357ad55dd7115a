/**
 * Previews layers all at once. Each program gets the planned outputs of the others through the relay as soon as they
 * are known, so the chain takes the time of its slowest part and works before anything is deployed.
 */
import { dependentsOf, layerByName, type LayerName } from "@proliferate-infra/shared/layers";
import type { LayerOperation } from "./in-order.ts";
import type { RolloutObserver } from "../model/observer.ts";
import type { OutputRelay } from "../output-relay/server.ts";
import type { LayerResult } from "../model/results.ts";

/** Previews `layers` with `operate`, whose programs are connected by `relay`. */
export async function runTogether(
  layers: readonly LayerName[],
  operate: LayerOperation,
  observer: RolloutObserver,
  relay: Pick<OutputRelay, "end" | "unknownInputs">,
): Promise<readonly LayerResult[]> {
  const results = await Promise.all(
    layers.map(async (layer) => {
      const result = await operate(layer);
      relay.end(layer, false);
      const unknownInputs = relay.unknownInputs(layer);
      return unknownInputs.length === 0 ? result : { ...result, unknownInputs };
    }),
  );
  const told = withBlocked(results);
  told.forEach((result) => {
    observer.ended(result);
  });
  return told;
}

/**
 * Layers that a deployment would not run, by `reasons`, and that build on none which it would: their plan is known to be empty.
 * A layer that reads from one that runs may get other values.
 */
export function upToDateLayers(
  layers: readonly LayerName[],
  reasons: (layer: LayerName) => readonly string[] | undefined,
): ReadonlySet<LayerName> {
  const running = layers.filter((layer) => reasons(layer) !== undefined);
  const affected = new Set([...running, ...running.flatMap(dependentsOf)]);
  return new Set(layers.filter((layer) => !affected.has(layer)));
}

/** A layer fails when one that it needs does; that is no fault of its own, so it is blocked by the first of them. */
export function withBlocked(results: readonly LayerResult[]): readonly LayerResult[] {
  const causes = new Map<LayerName, LayerName>();
  return results.map((result) => {
    if (result.status !== "failed") {
      return result;
    }
    const { layer, durationMs, changes, outputs } = result;
    const cause = layerByName(layer)
      .upstreams.map((upstream) => causes.get(upstream))
      .find((found) => found !== undefined);
    causes.set(layer, cause ?? layer);
    return cause === undefined ? result : { layer, status: "blocked" as const, cause, durationMs, changes, outputs };
  });
}
