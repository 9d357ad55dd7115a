import { mkdirSync, mkdtempSync, rmSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { withFileLock } from "@proliferate-infra/backend/file-lock";

describe("a lock in a folder", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "file-lock-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it("lets one holder work at a time, and reports a waiter once", async () => {
    const lock = join(folder, "lock");
    let active = 0;
    let waits = 0;
    const work = async () => {
      active += 1;
      expect(active).to.equal(1);
      await sleep(20);
      active -= 1;
    };
    await Promise.all([1, 2, 3].map(() => withFileLock(lock, work, () => (waits += 1))));
    expect(waits).to.equal(2);
  });

  it("is released when the work fails", async () => {
    const lock = join(folder, "lock");
    const failed = await withFileLock(lock, () => Promise.reject(new Error("no room"))).catch(String);
    expect(failed).to.contain("no room");
    expect(await withFileLock(lock, () => Promise.resolve("done"))).to.equal("done");
  });

  it("is taken over from a killed holder", async () => {
    const lock = join(folder, "lock");
    const longAgo = new Date(Date.now() - 60_000);
    mkdirSync(lock);
    utimesSync(lock, longAgo, longAgo);
    expect(await withFileLock(lock, () => Promise.resolve("done"))).to.equal("done");
  });
});
