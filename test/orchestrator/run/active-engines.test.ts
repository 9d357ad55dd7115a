import { expect } from "chai";
import { NO_CHANGES, type LayerResult, type LayerStatus } from "@proliferate-infra/orchestrator/model/results";
import { ActiveEngines } from "@proliferate-infra/orchestrator/run/active-engines";
import type { ActiveLayer, DeadEngine } from "@proliferate-infra/backend/lock/record";
import type { ObjectStore } from "@proliferate-infra/backend/storage/object-store";

const BY = { user: "ann", host: "laptop", ciUrl: null };
/** Of a process that this machine cannot have. */
const ENDED = 2 ** 30;

/** A store with one of Pulumi's locks; remembers what is removed. */
function storeWith(pid: number, removed: string[]): ObjectStore {
  const key = ".pulumi/locks/organization/proliferate-data/dev/of.json";
  const text = JSON.stringify({ pid, username: BY.user, hostname: BY.host });
  return {
    get: () => Promise.resolve({ text, version: "1" }),
    putIf: () => Promise.resolve(undefined),
    remove: (gone) => Promise.resolve(void removed.push(gone)),
    list: (prefix) => Promise.resolve(key.startsWith(prefix) ? [key] : []),
    close: () => undefined,
  };
}

async function runData(status: LayerStatus, lockOf: number, store: Partial<ObjectStore> = {}) {
  const removed: string[] = [];
  const printed: string[] = [];
  const updates: (readonly ActiveLayer[])[] = [];
  const orphaned: DeadEngine[] = [];
  const engines = new ActiveEngines({
    lease: {
      recordActiveLayers: (activeLayers) => Promise.resolve(void updates.push(activeLayers)),
      recordOrphaned: (engine) => Promise.resolve(void orphaned.push(engine)),
    },
    store: { ...storeWith(lockOf, removed), ...store },
    stack: "dev",
    facts: { by: BY, runId: "run-1" },
    say: (line) => printed.push(line),
  });
  const work = engines.watching((layer): Promise<LayerResult> => {
    engines.started(layer, ENDED);
    return Promise.resolve({ layer, status, durationMs: 1, changes: NO_CHANGES, outputs: {} });
  });
  await work("data");
  return { removed, printed, updates, orphaned };
}

describe("running engines", () => {
  it("are listed in the lock while they run", async () => {
    const { updates } = await runData("succeeded", ENDED);
    expect(updates).to.deep.equal([[{ layer: "data", enginePid: ENDED }], []]);
  });

  it("leave no Pulumi lock when they were killed", async () => {
    for (const status of ["failed", "interrupted"] as const) {
      const { removed, printed, orphaned } = await runData(status, ENDED);
      expect(removed).to.have.length(1);
      expect(printed[0]).to.match(/killed engine of data: \.pulumi\/locks/);
      expect(orphaned).to.deep.equal([]);
    }
  });

  it("are remembered for the next run when it is not known whether they have left a lock", async () => {
    const away = { list: () => Promise.reject(new Error("the bucket is away")) };
    const { printed, orphaned } = await runData("failed", ENDED, away);
    expect(orphaned).to.deep.equal([{ user: BY.user, host: BY.host, pid: ENDED, runId: "run-1" }]);
    expect(printed[0]).to.contain("the bucket is away");
  });

  it("do not remove other locks", async () => {
    expect((await runData("failed", ENDED - 1)).removed).to.deep.equal([]);
    expect((await runData("succeeded", ENDED)).removed).to.deep.equal([]);
  });
});
