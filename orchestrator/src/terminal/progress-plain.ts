/** Progress as plain lines, each with its layer: for logs, pipes and CI. */
import type { RolloutObserver } from "../model/observer.ts";
import { formatChanges, formatStatus } from "./summary.ts";
import { formatDuration } from "@proliferate-infra/shared/values/duration";

/** Writes a line per event. */
export function plainProgress(write: (line: string) => void): RolloutObserver {
  return {
    started: (layer) => {
      write(`[${layer}] started`);
    },
    progressed: (layer, { kind, text }) => {
      if (kind !== "end") {
        write(`[${layer}] ${text}`);
      }
    },
    ended: (result) => {
      const { layer, changes, durationMs } = result;
      const facts = durationMs === 0 ? "" : ` in ${formatDuration(durationMs)} ${formatChanges(changes)}`;
      write(`[${layer}] ${formatStatus(result)}${facts}`.trimEnd());
    },
  };
}
