import { expect } from "chai";
import fc from "fast-check";
import { chart } from "../../bench/chart.ts";
import { compare, measure, spread, type Series } from "../../bench/measure.ts";
import { markdown, resultTable } from "../../bench/results.ts";

const series = (way: string, values: readonly number[]): Series => ({ what: "up", way, unit: "s", values });
const byHandAndRollout = compare([series("by hand", [10, 20, 10]), series("rollout", [5, 8, 9])], {
  against: { up: "by hand" },
  targets: [{ what: "up", way: "rollout", atMost: 0.6, of: "ratio" }],
});
const [byHand, rollout] = byHandAndRollout;

describe("measuring", () => {
  it("runs every subject in every round, every second round in reverse order", async () => {
    const order: string[] = [];
    const subject = (way: string) => ({
      way,
      run: () => {
        order.push(way);
        return Promise.resolve({ up: { value: order.length, unit: "s" } as const });
      },
    });
    const measured = await measure([subject("a"), subject("b")], 3, () => undefined);
    expect(order.join("")).to.equal("abbaab");
    expect(measured.map(({ way, values }) => [way, values])).to.deep.equal([
      ["a", [1, 4, 5]],
      ["b", [2, 3, 6]],
    ]);
  });

  it("compares within rounds and checks the median", () => {
    expect(byHand?.ratio).to.equal(undefined);
    expect(rollout?.ratio).to.deep.equal({ median: 0.5, least: 0.4, most: 0.9 });
    expect([byHand?.isMet, rollout?.isMet]).to.deep.equal([undefined, true]);
  });

  it("finds the median in any order", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), { minLength: 1 }), (values) => {
        const { median, least, most } = spread(values);
        expect([least, most]).to.deep.equal([Math.min(...values), Math.max(...values)]);
        expect(values.filter((value) => value <= median).length).to.be.at.least(values.length / 2);
        expect(values.filter((value) => value >= median).length).to.be.at.least(values.length / 2);
        expect(spread(values.toReversed())).to.deep.equal({ median, least, most });
      }),
    );
  });

  it("prints the same in a table, a document and a chart", () => {
    expect(resultTable(byHandAndRollout)).to.match(/up +rollout +8\.00 s \(5\.00, 9\.00\) +0\.50 .*at most 0\.6: met/);
    const suites = {
      first: { rounds: 3, machine: { cores: 2, memoryGiB: 8, node: "v24" }, results: byHandAndRollout },
    };
    expect(markdown(suites)).to.contain("| up | rollout | 8.00 s (5.00, 9.00) | 0.50 (0.40, 0.90) | by hand |");
    const drawn = chart(byHandAndRollout, "a < b");
    expect(drawn.match(/<rect /g)).to.have.length(1);
    expect(drawn.match(/class="target"/g)).to.have.length(1);
    expect(drawn).to.contain("a &lt; b");
  });
});
