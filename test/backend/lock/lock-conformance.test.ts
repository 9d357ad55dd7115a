/** What every kind of lock must keep, run over both: in DynamoDB and in a folder. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { localEnvironment } from "@proliferate-infra/backend/environment/local-names";
import { acquireLock, LockHeld } from "@proliferate-infra/backend/lock/acquire";
import { HEARTBEAT_MS, LEASE_MS, type Lease } from "@proliferate-infra/backend/lock/lease";
import { CLOCK_TOLERANCE_MS, type Holder } from "@proliferate-infra/backend/lock/record";
import { openLockStore } from "@proliferate-infra/backend/lock/open";
import type { LockStore } from "@proliferate-infra/backend/lock/store";
import { releaseLock } from "@proliferate-infra/orchestrator/commands/unlock";
import { UserError } from "@proliferate-infra/backend/errors";
import { sharedTestEmulator } from "@proliferate-infra/testing/emulator";
import { ManualTime } from "@proliferate-infra/testing/manual-time";
import { withVariables } from "@proliferate-infra/testing/process-variables";

interface Variant {
  /** A store of the lock of that name; several of one name are several processes. */
  readonly open: (stack: string) => Promise<LockStore>;
  readonly dispose: () => Promise<void> | void;
}

async function inDynamoDb(): Promise<Variant> {
  const emulator = await sharedTestEmulator();
  const restore = withVariables(emulator.env);
  const dispose = () => {
    restore();
  };
  return { open: (stack) => openLockStore(localEnvironment.state, stack), dispose };
}

function inFolder(): Promise<Variant> {
  const directory = mkdtempSync(join(tmpdir(), "lock-"));
  const dispose = () => {
    rmSync(directory, { recursive: true });
  };
  return Promise.resolve({ open: (stack) => openLockStore({ kind: "file", directory }, stack), dispose });
}

const holder = (runId: string): Holder => ({
  runId,
  user: "ann",
  host: "laptop",
  pid: 42,
  commit: "0123456789abcdef",
  ciUrl: null,
  command: "up",
  activeLayers: [],
  acquiredAt: "2026-01-01T00:00:00.000Z",
});

for (const [name, start] of [
  ["in DynamoDB", inDynamoDb],
  ["in a folder", inFolder],
] as const) {
  describe(`the lock ${name}`, function () {
    this.timeout(120_000);
    let variant: Variant;
    let store: LockStore;
    let time: ManualTime;
    let lockNumber = 0;
    before(async () => (variant = await start()));
    after(() => variant.dispose());
    beforeEach(async () => {
      lockNumber += 1;
      store = await variant.open(`stack-${lockNumber}`);
      time = new ManualTime(1_000_000);
    });
    afterEach(() => {
      store.close();
    });

    const acquire = (
      runId: string,
      options: { waitMs?: number; of?: LockStore; onWait?: (text: string) => void } = {},
    ) =>
      acquireLock({
        store: options.of ?? store,
        stack: "prod",
        holder: holder(runId),
        waitMs: options.waitMs ?? 0,
        onWait: options.onWait ?? (() => undefined),
        signal: new AbortController().signal,
        timing: time,
      });
    const aborted = (signal: AbortSignal) =>
      new Promise<void>((resolve) => {
        signal.addEventListener("abort", () => {
          resolve();
        });
      });
    const failure = (promise: Promise<unknown>): Promise<unknown> =>
      promise.then(
        () => undefined,
        (error: unknown) => error,
      );

    it("refuses a second holder, names the first, and allows reads", async () => {
      const lease = await acquire("a");
      await lease.recordActiveLayers([{ layer: "data", enginePid: 77 }]);
      const refusal = await failure(acquire("b"));
      expect(refusal).to.be.instanceOf(LockHeld);
      for (const part of ["ann@laptop", "process 42", "rollout up", "running data", "--run a", "--lock-timeout"]) {
        expect(String(refusal)).to.include(part);
      }
      expect((await store.read())?.holder?.activeLayers).to.deep.equal([{ layer: "data", enginePid: 77 }]);
      await lease.release();
      expect((await store.read())?.holder).to.equal(null);
    });

    it("gives every holder a higher number after release, expiry and force", async () => {
      const numbers: number[] = [];
      for (const [index, end] of ["release", "expiry", "force", "release"].entries()) {
        const lease = await acquire(`run-${index}`);
        numbers.push(lease.fencing);
        if (end === "release") {
          await lease.release();
        } else if (end === "expiry") {
          time.freeze();
          time.advance(LEASE_MS + CLOCK_TOLERANCE_MS + 1);
          time.thaw();
        } else {
          await releaseLock({ store, runId: `run-${index}`, force: true, now: time.now() });
        }
      }
      expect(numbers).to.deep.equal([1, 2, 3, 4]);
    });

    it("lists the engines of dead holders until they are cleaned up", async () => {
      const ends = { user: "ann", host: "laptop" };
      await (
        await acquire("a")
      ).recordActiveLayers([
        { layer: "network", enginePid: 76 },
        { layer: "data", enginePid: 77 },
      ]);
      const expire = () => {
        time.freeze();
        time.advance(LEASE_MS + CLOCK_TOLERANCE_MS + 1);
        time.thaw();
      };
      expire();
      await (await acquire("b")).recordActiveLayers([{ layer: "data", enginePid: 78 }]);
      await releaseLock({ store, runId: "b", force: true, now: time.now() });
      const next = await acquire("c");
      expect(next.orphaned).to.deep.equal([
        { ...ends, pid: 76, runId: "a" },
        { ...ends, pid: 77, runId: "a" },
        { ...ends, pid: 78, runId: "b" },
      ]);
      await next.clearOrphaned();
      await next.release();
      expect((await acquire("d")).orphaned).to.deep.equal([]);
    });

    it("waits for the holder and reports this once", async () => {
      const lease = await acquire("a");
      const waits: string[] = [];
      const waiting = acquire("b", { waitMs: 600_000, onWait: (text) => waits.push(text) });
      await time.pass(5_000);
      await lease.release();
      expect((await time.until(waiting)).fencing).to.equal(2);
      expect(waits).to.have.length(1);
      expect(waits[0]).to.include("run a");
    });

    it("fails when the waiting time is over", async () => {
      await acquire("a");
      const waiting = failure(acquire("b", { waitMs: 3_000 }));
      expect(await time.until(waiting)).to.be.instanceOf(LockHeld);
    });

    it("is renewed by heartbeats while the holder lives", async () => {
      const lease = await acquire("a");
      await time.pass(5 * LEASE_MS);
      expect(lease.lost.aborted).to.equal(false);
      expect(await failure(acquire("b"))).to.be.instanceOf(LockHeld);
    });

    it("passes to the next holder after expiry, and notifies the old holder", async () => {
      const dead = await acquire("a");
      time.freeze();
      time.advance(LEASE_MS);
      expect(await failure(acquire("b"))).to.be.instanceOf(LockHeld);
      time.advance(CLOCK_TOLERANCE_MS + 1);
      const next = await acquire("b");
      expect(next.takenOver?.runId).to.equal("a");
      time.thaw();
      await time.until(aborted(dead.lost));
      expect(String(dead.lost.reason)).to.include("taken the lock over");
      expect(next.lost.aborted).to.equal(false);
      await dead.release();
      expect((await store.read())?.holder?.runId).to.equal("b");
    });

    it("is released only by its holder; a live holder's lock only by force", async () => {
      const lease = await acquire("a");
      const request = { store, now: time.now() };
      const wrong = await failure(releaseLock({ ...request, runId: "b", force: true }));
      expect(wrong).to.be.instanceOf(UserError);
      expect(String(wrong)).to.include("run a does");
      expect(String(await failure(releaseLock({ ...request, runId: "a", force: false })))).to.include("--force");
      expect(await releaseLock({ ...request, runId: "a", force: true })).to.include("Released");
      expect(await releaseLock({ ...request, runId: "a", force: false })).to.include("nothing to release");
      await time.until(aborted(lease.lost));
    });

    it("stops its holder when renewals fail until expiry, and not before", async () => {
      let isBroken = false;
      const broken: LockStore = {
        ...store,
        write: (next) => (isBroken ? Promise.reject(new Error("no network")) : store.write(next)),
      };
      const lease = await acquire("a", { of: broken });
      isBroken = true;
      await time.pass(LEASE_MS - HEARTBEAT_MS);
      expect(lease.lost.aborted).to.equal(false);
      await time.until(aborted(lease.lost));
      expect(String(lease.lost.reason)).to.include("no network");
    });

    it("is not lost when only the response to a heartbeat is lost", async () => {
      let loseAnswer = false;
      const flaky: LockStore = {
        ...store,
        write: async (next) => {
          const written = await store.write(next);
          if (loseAnswer) {
            loseAnswer = false;
            throw new Error("connection reset");
          }
          return written;
        },
      };
      const lease: Lease = await acquire("a", { of: flaky });
      loseAnswer = true;
      await time.pass(3 * HEARTBEAT_MS);
      expect(lease.lost.aborted).to.equal(false);
      await lease.release();
      expect((await store.read())?.holder).to.equal(null);
    });

    it("has one winner of 20 in each of 50 rounds, with increasing numbers", async () => {
      const stores = await Promise.all(Array.from({ length: 20 }, () => variant.open(`stack-${lockNumber}`)));
      const numbers: number[] = [];
      for (let round = 0; round < 50; round += 1) {
        const tries = await Promise.allSettled(stores.map((of, index) => acquire(`${round}-${index}`, { of })));
        const winners = tries.filter((each) => each.status === "fulfilled").map(({ value }) => value);
        expect(winners, `round ${round}`).to.have.length(1);
        numbers.push(...winners.map(({ fencing }) => fencing));
        await winners[0]?.release();
      }
      expect(numbers).to.deep.equal(Array.from({ length: 50 }, (_, index) => index + 1));
      stores.forEach((each) => {
        each.close();
      });
    });
  });
}
