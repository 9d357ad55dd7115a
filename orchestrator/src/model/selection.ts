/** Which layers a command works on, in which order, and what a failure means for the others. Pure. */
import { layerNames, layers, type LayerName } from "@proliferate-infra/shared/layers";
import type { LayerResult } from "./results.ts";
import { UserError } from "@proliferate-infra/backend/errors";

/** Options that select layers; without them, all are selected. */
export interface Selection {
  /** Layer names separated by commas. */
  readonly only?: string | undefined;
  /** First layer; those before it are left out. */
  readonly from?: string | undefined;
}

function layerNamed(text: string, option: string): LayerName {
  const name = layerNames.find((candidate) => candidate === text.trim());
  if (name === undefined) {
    throw new UserError(`${option} names the layer "${text.trim()}"; the layers are ${layerNames.join(", ")}.`);
  }
  return name;
}

/**
 * The selected layers in deployment order.
 *
 * @throws UserError when a layer is unknown, or both options are given.
 */
export function selectLayers({ only, from }: Selection): readonly LayerName[] {
  if (only !== undefined && from !== undefined) {
    throw new UserError("--only and --from exclude each other; give one of them.");
  }
  if (from !== undefined) {
    return layerNames.slice(layerNames.indexOf(layerNamed(from, "--from")));
  }
  if (only !== undefined) {
    const wanted = new Set(only.split(",").map((text) => layerNamed(text, "--only")));
    return layerNames.filter((name) => wanted.has(name));
  }
  return layerNames;
}

/** The failed layer that blocks a layer with these upstreams; undefined when none does. */
export function blockedBy(
  upstreams: readonly Pick<LayerResult, "layer" | "status" | "cause">[],
): LayerName | undefined {
  return upstreams
    .filter(({ status }) => status === "failed" || status === "blocked")
    .map(({ layer, cause }) => cause ?? layer)[0];
}

/** Layers that read outputs of `name` directly. */
export function readersOf(name: LayerName): readonly LayerName[] {
  return layers.filter(({ upstreams }) => upstreams.includes(name)).map((layer) => layer.name);
}
