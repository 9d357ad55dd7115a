/** Where a rollout's time went, from its report: whose part is AWS and its provider, whose the engine's and the programs'. Pure. */
import type { RolloutReport } from "@proliferate-infra/orchestrator/report/report";

/** Milliseconds of a rollout in which somebody was at work; what is left of its time is the rollout's own. */
export interface Shares {
  /** In which the provider worked on at least one resource, which on an emulator is mostly its own polling. */
  readonly providerMs: number;
  /** In which no resource was worked on, but at least one layer's engine ran. */
  readonly engineMs: number;
}

type Interval = readonly [start: number, end: number];

/** The shares of a rollout. A layer's engine is taken to run from `startMs` for as long as the report says. */
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

/** Length of what at least one interval covers. */
export function covered(intervals: readonly Interval[]): number {
  let end = Number.NEGATIVE_INFINITY;
  let length = 0;
  for (const [from, to] of intervals.toSorted(([one], [other]) => one - other)) {
    length += Math.max(0, to - Math.max(from, end));
    end = Math.max(end, to);
  }
  return length;
}
