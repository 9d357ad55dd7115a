import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { UserError } from "@proliferate-infra/backend/errors";
import { acquireLock } from "@proliferate-infra/backend/lock/acquire";
import { withLockStore } from "@proliferate-infra/backend/lock/open";
import { parseLock } from "@proliferate-infra/backend/lock/store";
import { ManualTime } from "@proliferate-infra/testing/manual-time";

const engine = { user: "ann", host: "laptop", pid: 76, runId: "a" };
const holder = {
  ...{ runId: "b", user: "ann", host: "laptop", pid: 42, commit: null, ciUrl: null, command: "up" },
  acquiredAt: "2026-01-01T00:00:00.000Z",
};
const numbers = { revision: 7, fencing: 3, leaseUntil: 0 };
const layers = [{ layer: "data", enginePid: 77 }];

/** The lock as versions wrote it whose fields were called `leftBehind` and `atWork`. */
const former = JSON.stringify({ ...numbers, holder: { ...holder, atWork: layers }, leftBehind: [engine] });

describe("a lock from an earlier version", () => {
  it("is read with its holder, its layers and the engines of dead holders", () => {
    expect(parseLock(former, "x")).to.deep.equal({
      ...numbers,
      holder: { ...holder, activeLayers: layers },
      orphaned: [engine],
    });
    const free = JSON.stringify({ ...numbers, holder: null, leftBehind: [] });
    expect(parseLock(free, "x")).to.deep.equal({ ...numbers, holder: null, orphaned: [] });
  });

  it("is taken over with the next number and lists the engines of all dead holders", async () => {
    const directory = mkdtempSync(join(tmpdir(), "former-lock-"));
    const folder = join(directory, ".rollout", "prod", "lock");
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "7.json"), former);
    try {
      await withLockStore({ kind: "file", directory }, "prod", async (store) => {
        const lease = await acquireLock({
          ...{ store, stack: "prod", waitMs: 0, onWait: () => undefined, timing: new ManualTime(1_000_000) },
          holder: { ...holder, runId: "c", activeLayers: [] },
          signal: new AbortController().signal,
        });
        expect(lease.fencing).to.equal(4);
        expect(lease.orphaned).to.deep.equal([engine, { ...engine, pid: 77, runId: "b" }]);
        await lease.release();
        expect((await store.read())?.revision).to.equal(9);
      });
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  it("is refused when its format is unknown", () => {
    for (const text of ["", "{", "[]", "null", JSON.stringify({ ...numbers, holder: 1, leftBehind: [] })]) {
      expect(() => parseLock(text, "the place"), text).to.throw(UserError, "the place");
    }
  });
});
