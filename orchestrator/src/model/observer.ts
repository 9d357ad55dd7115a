import type { LayerName } from "@proliferate-infra/shared/layers";
import type { Progress } from "./layer-engine.ts";
import type { LayerResult } from "./results.ts";

/** Told what happens, to show it. */
export interface RolloutObserver {
  started(layer: LayerName): void;
  working(layer: LayerName, progress: Progress): void;
  ended(result: LayerResult): void;
}
