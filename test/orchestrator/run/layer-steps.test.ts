import { expect } from "chai";
import { NO_CHANGES, type LayerResult } from "@proliferate-infra/orchestrator/model/results";
import { inSteps, layerSteps } from "@proliferate-infra/orchestrator/run/layer-steps";
import { LedgerLost } from "@proliferate-infra/orchestrator/history/ledger";

const done: LayerResult = { layer: "data", status: "succeeded", durationMs: 1, changes: NO_CHANGES, outputs: {} };
const noBucket = () => Promise.reject(new Error("the bucket does not answer"));
const view = { state: {}, fingerprint: {} } as never;
const memory = {
  look: () => Promise.resolve(view),
  reasons: () => Promise.resolve(["code"]),
  longest: () => Promise.resolve(undefined),
  keep: () => Promise.resolve(),
};

describe("the steps of a layer", () => {
  const said: string[] = [];
  const options = { force: false, say: (_: unknown, text: string) => void said.push(text) };
  beforeEach(() => {
    said.length = 0;
  });

  it("run it for a reason, which is told", async () => {
    expect(await inSteps(layerSteps(() => Promise.resolve(done), memory, options))("data")).to.equal(done);
    expect(said).to.deep.equal(["runs because of: code"]);
  });

  it("end with a result when it cannot be found out how the layer stands", async () => {
    let ran = false;
    const operate = () => {
      ran = true;
      return Promise.resolve(done);
    };
    const result = await inSteps(layerSteps(operate, { ...memory, look: noBucket }, options))("data");
    expect(result.status).to.equal("failed");
    expect(result.reason).to.include("the bucket does not answer");
    expect(ran).to.equal(false);
  });

  it("end with the layer's result when only the ledger cannot be written or read", async () => {
    const broken = { ...memory, longest: noBucket, keep: noBucket };
    expect(await inSteps(layerSteps(() => Promise.resolve(done), broken, options))("data")).to.equal(done);
    expect(said.join()).to.include("next rollout runs it again").and.to.include("the bucket does not answer");
  });

  it("go no further when another run has taken the environment over", async () => {
    const lost = new LedgerLost("taken over");
    const steps = layerSteps(() => Promise.resolve(done), { ...memory, keep: () => Promise.reject(lost) }, options);
    const failure: unknown = await inSteps(steps)("data").catch((error: unknown) => error);
    expect(failure).to.equal(lost);
  });
});
