import { mkdirSync, readdirSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { withLock } from "@proliferate-infra/tools/lib/lock.mjs";
import { temporaryFolder } from "./support/set-up-context.ts";

const times = { pollMs: 10, heartbeatMs: 100, silentMs: 1_500 };
const deadPid = 999_999_999;

describe("a lock between set-ups", () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let lock: string;
  beforeEach(() => {
    folder = temporaryFolder();
    lock = join(folder.path, "tool");
  });
  afterEach(() => {
    folder.remove();
  });

  /** A lock as another set-up would have left it. */
  function leaveLock(owner: { pid: number; host: string }, ageMs: number): void {
    mkdirSync(lock);
    const file = join(lock, "owner.json");
    writeFileSync(file, JSON.stringify({ ...owner, token: "left" }));
    const then = new Date(Date.now() - ageMs);
    utimesSync(file, then, then);
  }

  async function take(): Promise<string[]> {
    const waited: string[] = [];
    await withLock(lock, () => Promise.resolve(), { onWait: (owner) => waited.push(owner), times });
    return waited;
  }

  it("has one holder at a time", async () => {
    let inside = 0;
    let most = 0;
    const work = async () => {
      most = Math.max(most, ++inside);
      await sleep(20);
      inside--;
    };
    await Promise.all(Array.from({ length: 8 }, () => withLock(lock, work, { onWait: () => undefined, times })));
    expect(most).to.equal(1);
  });

  it("is released after a failure", async () => {
    const failing = withLock(lock, () => Promise.reject(new Error("broken")), { onWait: () => undefined, times });
    await failing.catch(() => undefined);
    expect(await take()).to.deep.equal([]);
    expect(readdirSync(folder.path)).to.deep.equal([]);
  });

  it("of a dead local process is taken over at once", async () => {
    leaveLock({ pid: deadPid, host: hostname() }, 0);
    expect(await take()).to.deep.equal([]);
  });

  it("of a process on another machine is taken over after a time without heartbeats", async () => {
    leaveLock({ pid: deadPid, host: "another-host" }, 0);
    const began = Date.now();
    expect(await take()).to.deep.equal([`process ${String(deadPid)} on another-host`]);
    expect(Date.now() - began).to.be.at.least(times.silentMs - 50);
  });

  it("of a reused process id is taken over after a time without heartbeats", async () => {
    leaveLock({ pid: process.ppid, host: hostname() }, times.silentMs * 2);
    expect(await take()).to.deep.equal([]);
  });

  it("without a readable owner is taken over after a time", async () => {
    mkdirSync(lock);
    const then = new Date(Date.now() - times.silentMs * 2);
    utimesSync(lock, then, then);
    expect(await take()).to.deep.equal([]);
  });

  it("is renewed during long work", async () => {
    const order: string[] = [];
    const long = withLock(
      lock,
      async () => {
        await sleep(times.silentMs * 2);
        order.push("long");
      },
      { onWait: () => undefined, times },
    );
    await sleep(20);
    await withLock(lock, () => Promise.resolve(void order.push("next")), { onWait: () => undefined, times });
    await long;
    expect(order).to.deep.equal(["long", "next"]);
  });

  it("of a dead owner is taken over by only one process", async () => {
    leaveLock({ pid: deadPid, host: hostname() }, 0);
    let inside = 0;
    let most = 0;
    const work = async () => {
      most = Math.max(most, ++inside);
      await sleep(5);
      inside--;
    };
    await Promise.all(Array.from({ length: 8 }, () => withLock(lock, work, { onWait: () => undefined, times })));
    expect(most).to.equal(1);
  });
});
