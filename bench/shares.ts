/** Splits a rollout's time, from its report: time of AWS and its provider, time of engines and programs. Pure. */
import type { RolloutReport } from "@proliferate-infra/orchestrator/report/report";

/** Milliseconds of a rollout by activity. The remaining time is the rollout's own. */
export interface Shares {
  /** Time in which the provider processed at least one resource. With an emulator this is mostly its polling. */
  readonly providerMs: number;
  /** Time in which at least one layer's engine ran and no resource was processed. */
  readonly engineMs: number;
}

type Interval = readonly [start: number, end: number];

/** Returns the shares of a rollout. A layer's engine runs from `startMs` for the duration in the report. */
export function shares({ layers }: Pick<RolloutReport, "layers">): Shares {
  const engines = layers.flatMap(({ startMs, durationMs }): Interval[] =>
    startMs === undefined ? [] : [[startMs, startMs + durationMs]],
  );
  const steps = layers.flatMap(({ resources = [] }) =>
    resources.map(({ startMs, durationMs }): Interval => [startMs, startMs + (durationMs ?? 0)]),
  );
  const providerMs = covered(steps);
  return { providerMs, engineMs: covered([...engines, ...steps]) - providerMs };
}

/** Returns the total length that at least one interval covers. */
export function covered(intervals: readonly Interval[]): number {
  let end = Number.NEGATIVE_INFINITY;
  let length = 0;
  for (const [from, to] of intervals.toSorted(([one], [other]) => one - other)) {
    length += Math.max(0, to - Math.max(from, end));
    end = Math.max(end, to);
  }
  return length;
}
