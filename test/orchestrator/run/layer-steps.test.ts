import { expect } from "chai";
import { NO_CHANGES, type LayerResult } from "@proliferate-infra/orchestrator/model/results";
import { LayerSteps, type StepContext } from "@proliferate-infra/orchestrator/run/layer-steps";
import { LedgerLost } from "@proliferate-infra/orchestrator/history/ledger";

const done: LayerResult = { layer: "data", status: "succeeded", durationMs: 1, changes: NO_CHANGES, outputs: {} };
const noBucket = () => Promise.reject(new Error("the bucket does not answer"));
const recorder: StepContext["recorder"] = {
  inspect: () => Promise.resolve({ reasons: ["code"] } as never),
  longestDuration: () => Promise.resolve(undefined),
  record: () => Promise.resolve(),
};

/** Completes data. `runs`: how often its engine ran; `messages`: what was shown meanwhile. */
async function complete(changes: Partial<StepContext["recorder"]>) {
  const messages: string[] = [];
  let runs = 0;
  const steps = new LayerSteps({
    operate: () => {
      runs += 1;
      return Promise.resolve(done);
    },
    recorder: { ...recorder, ...changes },
    observer: { progressed: (_, { text }) => void messages.push(text) },
    force: false,
  });
  const result = await steps.complete("data");
  return { result, runs, messages };
}

describe("the steps of a layer", () => {
  it("run it and print the reason", async () => {
    const { result, messages } = await complete({});
    expect(result).to.equal(done);
    expect(messages).to.deep.equal(["runs because of: code"]);
  });

  it("end with a result when its state cannot be read", async () => {
    const { result, runs } = await complete({ inspect: noBucket });
    expect(result.status).to.equal("failed");
    expect(result.reason).to.include("the bucket does not answer");
    expect(runs).to.equal(0);
  });

  it("end with the layer's result when only the ledger cannot be written or read", async () => {
    const { result, messages } = await complete({ longestDuration: noBucket, record: noBucket });
    expect(result).to.equal(done);
    expect(messages.join()).to.include("next rollout runs it again").and.to.include("the bucket does not answer");
  });

  it("stop when another run has taken over the environment", async () => {
    const lost = new LedgerLost("taken over");
    const failure: unknown = await complete({ record: () => Promise.reject(lost) }).catch((error: unknown) => error);
    expect(failure).to.equal(lost);
  });
});
