import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import fc from "fast-check";
import { createProgress, formatElapsed } from "@proliferate-infra/tools/lib/progress.mjs";

describe("a set-up's progress", () => {
  it("is printed with the time since its start, and repeated during a long step", async () => {
    const lines: string[] = [];
    let time = 0;
    const progress = createProgress({ write: (line) => void lines.push(line), now: () => time, repeatMs: 40 });
    progress.say("first");
    time = 62_000;
    const result = await progress.during("tool 1.0.0", "from somewhere", async () => {
      time = 125_000;
      await sleep(100);
      return "made";
    });
    expect(result).to.equal("made");
    expect(lines.slice(0, 3)).to.deep.equal([
      "[    0s] first\n",
      "[ 1m02s] tool 1.0.0: from somewhere\n",
      "[ 2m05s] tool 1.0.0: 1m03s so far\n",
    ]);
    const count = lines.length;
    await sleep(100);
    expect(lines).to.have.length(count);
  });

  it("prints every duration so that it can be parsed", () => {
    fc.assert(
      fc.property(fc.nat(10_000_000), (milliseconds) => {
        const match = /^ *(?:(\d+)m)?(\d+)s$/.exec(formatElapsed(milliseconds));
        const seconds = Number(match?.[1] ?? 0) * 60 + Number(match?.[2]);
        expect(seconds).to.equal(Math.floor(milliseconds / 1000));
      }),
    );
  });
});
