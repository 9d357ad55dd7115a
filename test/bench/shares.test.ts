import { expect } from "chai";
import fc from "fast-check";
import { covered, shares } from "../../bench/shares.ts";
import type { RolloutReport } from "@proliferate-infra/orchestrator/report/report";

type Layer = RolloutReport["layers"][number];

const layer = (
  startMs: number | undefined,
  durationMs: number,
  steps: readonly (readonly [number, number])[],
): Layer => ({
  ...{ layer: "network", status: "succeeded", durationMs, outputs: {} },
  ...(startMs === undefined ? {} : { startMs }),
  changes: { create: 0, update: 0, replace: 0, delete: 0, same: 0 },
  resources: steps.map(([from, length]) => ({
    urn: "u",
    op: "create",
    startMs: from,
    durationMs: length,
    failed: false,
  })),
});

describe("shares of a rollout's time", () => {
  it("count overlapping layers and resources once", () => {
    const layers = [
      layer(0, 100, [[10, 20]]),
      layer(50, 100, [
        [20, 30],
        [120, 10],
      ]),
    ];
    expect(shares({ layers })).to.deep.equal({ providerMs: 50, engineMs: 100 });
    expect(shares({ layers: [layer(undefined, 5, [])] })).to.deep.equal({ providerMs: 0, engineMs: 0 });
  });

  it("count the time that at least one interval covers", () => {
    const interval = fc.tuple(fc.nat(50), fc.nat(20)).map(([from, length]) => [from, from + length] as const);
    fc.assert(
      fc.property(fc.array(interval), (intervals) => {
        const moments = Array.from({ length: 70 }, (_, moment) => moment);
        const inside = moments.filter((moment) => intervals.some(([from, to]) => moment >= from && moment < to));
        expect(covered(intervals)).to.equal(inside.length);
      }),
    );
  });
});
