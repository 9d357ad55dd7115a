import { expect } from "chai";
import { EngineFailure } from "@proliferate-infra/orchestrator/model/layer-engine";
import { NO_CHANGES } from "@proliferate-infra/orchestrator/model/results";
import { layerOperation } from "@proliferate-infra/orchestrator/run/layer-operation";

const observer = { started: () => undefined, progressed: () => undefined, ended: () => undefined };

const place = { stack: "prod", region: "eu-west-1" };

describe("an operation on a layer", () => {
  it("has the status unchanged when nothing changed", async () => {
    const same = () => Promise.resolve({ changes: { ...NO_CHANGES, same: 7 }, outputs: { a: 1 }, resources: [] });
    const result = await layerOperation(same, observer, place)("network");
    expect(result).to.include({ layer: "network", status: "unchanged" });
    expect(result.outputs).to.deep.equal({ a: 1 });
  });

  it("adds the advice for AWS's errors to the reason of a failure", async () => {
    const facts = { changes: NO_CHANGES, interrupted: false, resources: [] };
    const failing = () => Promise.reject(new EngineFailure("api error AddressLimitExceeded: reached.", facts));
    const result = await layerOperation(failing, observer, place)("network");
    expect(result.reason).to.contain("describe-addresses --region eu-west-1");
  });

  it("throws every error except EngineFailure", async () => {
    const bug = layerOperation(() => Promise.reject(new TypeError("a bug")), observer, place);
    let thrown: unknown;
    await bug("network").catch((error: unknown) => (thrown = error));
    expect(thrown).to.be.instanceOf(TypeError);
  });
});
