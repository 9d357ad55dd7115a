import { expect } from "chai";
import { exitCodeOf, resultWithoutRun, type LayerStatus } from "@proliferate-infra/orchestrator/model/results";

describe("exit code", () => {
  it("is 5 for an interrupt, 1 for a failure, 0 otherwise", () => {
    const results = (...statuses: readonly LayerStatus[]) =>
      statuses.map((status) => resultWithoutRun("network", { status }));
    expect(exitCodeOf(results("interrupted", "failed"))).to.equal(5);
    expect(exitCodeOf(results("succeeded", "blocked"))).to.equal(1);
    expect(exitCodeOf(results("succeeded", "unchanged"))).to.equal(0);
  });
});
