import { expect } from "chai";
import { workText } from "@proliferate-infra/orchestrator/terminal/progress-live";

describe("progress on a terminal", () => {
  it("lists running work with its time, longest first, as far as it fits", () => {
    const working = new Map(["a", "b", "c", "d", "e", "f"].map((name, index) => [`creating ${name}`, 1_000 * index]));
    expect(workText(working, "takes longer", 65_000).split("\n")).to.deep.equal([
      "creating a 1m05s",
      "creating b 1m04s",
      "creating c 1m03s",
      "creating d 1m02s",
      "and 2 more",
      "takes longer",
    ]);
    expect(workText(new Map(), "", 0)).to.equal("");
  });
});
