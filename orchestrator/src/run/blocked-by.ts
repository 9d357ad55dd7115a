/** Which failed layer is to blame when one that builds on it cannot be deployed. Pure. */
import type { LayerName } from "@proliferate-infra/shared/layers";
import type { LayerResult } from "../model/results.ts";

/** The layer that blocks those which build on `upstreams`; undefined when nothing does. */
export function blockedBy(
  upstreams: readonly Pick<LayerResult, "layer" | "status" | "cause">[],
): LayerName | undefined {
  return upstreams
    .filter(({ status }) => status === "failed" || status === "blocked")
    .map(({ layer, cause }) => cause ?? layer)[0];
}
