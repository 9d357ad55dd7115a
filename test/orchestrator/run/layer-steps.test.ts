import { expect } from "chai";
import { NO_CHANGES, type LayerResult } from "@proliferate-infra/orchestrator/model/results";
import { LayerSteps, type StepContext } from "@proliferate-infra/orchestrator/run/layer-steps";
import { LedgerLost } from "@proliferate-infra/orchestrator/history/ledger";

const done: LayerResult = { layer: "data", status: "succeeded", durationMs: 1, changes: NO_CHANGES, outputs: {} };
const MINUTE_MS = 60_000;
const noBucket = () => Promise.reject(new Error("the bucket does not answer"));
const recorder: StepContext["recorder"] = {
  inspect: () => Promise.resolve({ reasons: ["code"] } as never),
  longestDuration: () => Promise.resolve(undefined),
  record: () => Promise.resolve(),
};

/** Completes data. `runs`: how often its engine ran; `messages`: what was shown meanwhile. */
async function complete(changes: Partial<StepContext["recorder"]>, minutesLeft?: number) {
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
    sessionEnd: minutesLeft === undefined ? undefined : new Date(Date.now() + minutesLeft * MINUTE_MS),
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

  for (const [minutesLeft, longest, starts] of [
    [30, 20, true],
    [15, 20, false],
    [10, undefined, true],
    [4, undefined, false],
    [4, 1, false],
    [-1, 20, false],
  ] as const) {
    const took = longest === undefined ? "without a deployment before" : `after one of ${longest} min`;
    it(`${starts ? "start" : "do not start"} it ${minutesLeft} min before the session ends, ${took}`, async () => {
      const milliseconds = longest === undefined ? undefined : longest * MINUTE_MS;
      const { result, runs } = await complete({ longestDuration: () => Promise.resolve(milliseconds) }, minutesLeft);
      expect(runs).to.equal(starts ? 1 : 0);
      expect(result.status).to.equal(starts ? "succeeded" : "failed");
      if (!starts) {
        expect(result.reason).to.contain("session").and.contain("docs/aws-access.md");
      }
    });
  }

  it("stop when another run has taken over the environment", async () => {
    const lost = new LedgerLost("taken over");
    const failure: unknown = await complete({ record: () => Promise.reject(lost) }).catch((error: unknown) => error);
    expect(failure).to.equal(lost);
  });
});
