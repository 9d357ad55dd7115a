/** How signals reach the engine: a stand-in for `pulumi` records the signals that it gets, in a process of its own. */
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { isAlive } from "@proliferate-infra/backend/lock/pulumi-locks";
import { EngineCommandFailed, runEngine } from "@proliferate-infra/orchestrator/pulumi/engine-process";

/** Ends at the second SIGINT, as Pulumi does; at the first it goes on with what it has begun. */
const STAND_IN = `#!/usr/bin/env node
const { appendFileSync } = require("node:fs");
const tell = (word) => appendFileSync(process.env.RECEIVED, word + " ");
let interrupts = 0;
process.on("SIGINT", () => {
  interrupts += 1;
  tell("interrupt");
  if (interrupts === 2) {
    console.error("ended by force");
    process.exit(1);
  }
});
process.on("SIGTERM", () => tell("terminate"));
setInterval(() => undefined, 1000);
if (process.env.WITH_PROVIDER !== undefined) {
  // In a process group of its own, as the engine starts them.
  require("node:child_process").spawn("sh", ["-c", "set -m; sleep 300 & echo $! > " + process.env.RECEIVED + ".provider; wait"], { stdio: "ignore" });
}
tell("ready");
`;

describe("the engine's process", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "engine-process-"));
    writeFileSync(join(folder, "pulumi"), STAND_IN);
    chmodSync(join(folder, "pulumi"), 0o755);
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  const received = () => readFileSync(join(folder, "received"), { encoding: "utf8", flag: "a+" });
  const until = async (text: string) => {
    for (const deadline = Date.now() + 10_000; received() !== text;) {
      if (Date.now() > deadline) {
        throw new Error(`The process received "${received()}", not "${text}".`);
      }
      await sleep(20);
    }
  };

  const variables = () => ({
    ...process.env,
    RECEIVED: join(folder, "received"),
    PATH: `${folder}${delimiter}${process.env.PATH ?? ""}`,
  });

  it("leaves no child process when it is killed", async () => {
    let pid = 0;
    const running = runEngine(["up"], {
      ...{ cwd: folder, env: { ...variables(), WITH_PROVIDER: "1" } },
      onStart: (started) => {
        pid = started;
      },
    }).catch((error: unknown) => error);
    const readProvider = () =>
      Number(readFileSync(join(folder, "received.provider"), { encoding: "utf8", flag: "a+" }));
    for (const deadline = Date.now() + 10_000; readProvider() === 0 && Date.now() < deadline;) {
      await sleep(20);
    }
    const provider = readProvider();
    expect(isAlive(provider)).to.equal(true);
    process.kill(pid, "SIGKILL");
    expect(await running).to.be.instanceOf(EngineCommandFailed);
    for (const deadline = Date.now() + 10_000; isAlive(provider) && Date.now() < deadline;) {
      await sleep(20);
    }
    expect(isAlive(provider)).to.equal(false);
  });

  it("gets one interrupt for each of two signals, and the run waits for it", async () => {
    const [requested, forced] = [new AbortController(), new AbortController()];
    let pid = 0;
    const running = runEngine(["up"], {
      ...{ cwd: folder, env: variables() },
      interruption: { requested: requested.signal, forced: forced.signal },
      onStart: (started) => {
        pid = started;
      },
    }).catch((error: unknown) => error);
    await until("ready ");
    requested.abort();
    await until("ready interrupt ");
    forced.abort();
    const failure = await running;
    expect(failure).to.be.instanceOf(EngineCommandFailed);
    expect(String(failure)).to.include("ended by force");
    expect(received()).to.equal("ready interrupt interrupt ");
    expect(isAlive(pid)).to.equal(false);
  });
});
