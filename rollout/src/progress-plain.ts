/** Progress as plain lines, each with its layer: for logs, pipes and CI. */
import type { RolloutObserver } from "./deploy-layers.ts";
import { formatChanges, formatDuration } from "./summary-text.ts";

/** Writes a line per event. */
export function plainProgress(write: (line: string) => void): RolloutObserver {
  return {
    started: (layer) => {
      write(`[${layer}] started`);
    },
    working: (layer, text) => {
      write(`[${layer}] ${text}`);
    },
    ended: ({ layer, status, cause, changes, durationMs }) => {
      const why = cause === undefined ? "" : ` by ${cause}`;
      const facts = durationMs === 0 ? "" : ` in ${formatDuration(durationMs)} ${formatChanges(changes)}`;
      write(`[${layer}] ${status}${why}${facts}`.trimEnd());
    },
  };
}
