import { hostname } from "node:os";
import { expect } from "chai";
import { LockHeld } from "@proliferate-infra/backend/lock/acquire";
import { pulumiLocksOf, removeOrphanedLocks } from "@proliferate-infra/backend/lock/pulumi-locks";
import type { ObjectStore } from "@proliferate-infra/backend/storage/object-store";
import { layerNames, type LayerName } from "@proliferate-infra/shared/layers";

const DEAD = { user: "ann", host: hostname(), runId: "run-1" };
/** Of a process that this machine cannot have. */
const ENDED = 2 ** 30;

/** A store with one of Pulumi's locks for each of these engines. */
function storeWith(pids: Partial<Record<LayerName, number>>) {
  const objects = new Map<string, string>(
    layerNames.flatMap((layer) => {
      const pid = pids[layer];
      const text = JSON.stringify({ pid, username: DEAD.user, hostname: DEAD.host });
      return pid === undefined ? [] : [[`${pulumiLocksOf("dev", layer)}of.json`, text] as const];
    }),
  );
  const store: ObjectStore = {
    get: (key) => Promise.resolve({ text: objects.get(key) ?? "", version: "1" }),
    putIf: () => Promise.resolve(undefined),
    remove: (key) => Promise.resolve(void objects.delete(key)),
    list: (prefix) => Promise.resolve([...objects.keys()].filter((key) => key.startsWith(prefix))),
    close: () => undefined,
  };
  return { store, objects };
}

describe("locks of a dead run's engines", () => {
  const engines = [process.pid, process.ppid, ENDED].map((pid) => ({ ...DEAD, pid }));

  it("stay while their engines run, all of which one error names, and the others are removed", async () => {
    const { store, objects } = storeWith({ network: process.pid, data: ENDED, secrets: process.ppid });
    const error = await removeOrphanedLocks(store, "dev", engines).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(LockHeld);
    expect(String(error)).to.contain(`kill -INT ${process.pid} ${process.ppid}`).and.to.contain("run-1");
    expect([...objects.keys()].map((key) => key.split("/")[3])).to.deep.equal([
      "proliferate-network",
      "proliferate-secrets",
    ]);
  });

  it("of other engines stay", async () => {
    const { store, objects } = storeWith({ data: ENDED - 1 });
    expect(await removeOrphanedLocks(store, "dev", engines)).to.deep.equal([]);
    expect(objects.size).to.equal(1);
  });
});
