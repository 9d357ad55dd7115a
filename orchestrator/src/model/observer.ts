import type { LayerName } from "@proliferate-infra/shared/layers";
import type { Progress } from "./layer-engine.ts";
import type { LayerResult } from "./results.ts";

/** Shows the progress of layers. */
export interface RolloutObserver {
  started(layer: LayerName): void;
  progressed(layer: LayerName, progress: Progress): void;
  ended(result: LayerResult): void;
}
