import { expect } from "chai";
import { NO_CHANGES } from "@proliferate-infra/orchestrator/model/results";
import { layerOperation } from "@proliferate-infra/orchestrator/run/layer-operation";

const observer = { started: () => undefined, progressed: () => undefined, ended: () => undefined };

describe("an operation on a layer", () => {
  it("has the status unchanged when nothing changed", async () => {
    const same = () => Promise.resolve({ changes: { ...NO_CHANGES, same: 7 }, outputs: { a: 1 }, resources: [] });
    const result = await layerOperation(same, observer)("network");
    expect(result).to.include({ layer: "network", status: "unchanged" });
    expect(result.outputs).to.deep.equal({ a: 1 });
  });

  it("throws every error except EngineFailure", async () => {
    const bug = layerOperation(() => Promise.reject(new TypeError("a bug")), observer);
    let thrown: unknown;
    await bug("network").catch((error: unknown) => (thrown = error));
    expect(thrown).to.be.instanceOf(TypeError);
  });
});
