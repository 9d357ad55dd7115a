import type { LayerName } from "@proliferate-infra/shared/layers";
import type { Progress } from "./layer-engine.ts";
import type { LayerResult } from "./results.ts";

/** Shows the progress of layers. */
export interface RolloutObserver {
  readonly started: (layer: LayerName) => void;
  readonly progressed: (layer: LayerName, progress: Progress) => void;
  readonly ended: (result: LayerResult) => void;
}
