import { expect } from "chai";
import { parseDuration } from "@proliferate-infra/orchestrator/command-line/duration";

describe("a duration on the command line", () => {
  it("is a number with a unit", () => {
    expect(["0", "90s", "10m", "1h"].map(parseDuration)).to.deep.equal([0, 90_000, 600_000, 3_600_000]);
    for (const text of ["10", "m", "-1m", "1.5h", ""]) {
      expect(() => parseDuration(text), text).to.throw(/90s/);
    }
  });
});
