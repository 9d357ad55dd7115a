import { expect } from "chai";
import { EngineFailure, StackLocked, type EngineOperation } from "@proliferate-infra/orchestrator/model/layer-engine";
import { NO_CHANGES } from "@proliferate-infra/orchestrator/model/results";
import { waitingForStack } from "@proliferate-infra/orchestrator/run/waiting-for-stack";

const facts = { changes: NO_CHANGES, resources: [], interrupted: false };
const done = { changes: NO_CHANGES, outputs: {}, resources: [] };

/** Runs an operation whose stack is locked for this long, in milliseconds. */
async function run(lockedFor: number, lockTimeout = 0, signal = new AbortController().signal) {
  let now = 0;
  const timing = { now: () => now, sleep: (ms: number) => Promise.resolve(void (now += ms)) };
  const operate: EngineOperation = () =>
    now < lockedFor ? Promise.reject(new StackLocked("locked by 1 lock(s)", facts)) : Promise.resolve(done);
  const messages: string[] = [];
  const wait = { stack: "prod", lockTimeout, signal, timing };
  const result = await waitingForStack(operate, wait)("data", ({ text }) => messages.push(text)).catch(
    (error: unknown) => error,
  );
  return { result, messages, now };
}

describe("an operation on a stack that another update holds", () => {
  it("waits until a refused lone update has ended, without an option", async () => {
    const { result, messages } = await run(12_000);
    expect(result).to.equal(done);
    expect(messages).to.have.length(1);
  });

  it("waits as long as --lock-timeout, and then names the commands", async () => {
    expect((await run(500_000, 600_000)).result).to.equal(done);
    const { result, now } = await run(700_000, 600_000);
    expect(result).to.be.instanceOf(EngineFailure).and.not.instanceOf(StackLocked);
    expect(String(result)).to.contain("pulumi cancel --stack prod --cwd stacks/data").and.to.contain("--lock-timeout");
    expect(now).to.equal(600_000);
  });

  it("stops waiting at a signal", async () => {
    expect((await run(12_000, 0, AbortSignal.abort())).now).to.equal(0);
  });
});
