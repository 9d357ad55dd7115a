import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { fileObjectStore } from "@proliferate-infra/backend/storage/folder";
import type { ObjectStore } from "@proliferate-infra/backend/storage/object-store";
import { saveRefusal, lastUpdate } from "@proliferate-infra/backend/pulumi-files/history";

describe("a layer's last update", () => {
  let folder: string;
  let store: ObjectStore;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "history-"));
    store = fileObjectStore(folder);
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  const NOW = 1_800_000_000_000;
  const DAY = 86_400;
  /** An update that began this many seconds ago and took three. */
  const update = async (secondsAgo: number, result: string) => {
    const startTime = NOW / 1000 - secondsAgo;
    const entry = { kind: "update", result, startTime, endTime: startTime + 3 };
    const key = `.pulumi/history/proliferate-data/prod/prod-${startTime}000000000`;
    await store.putIf(`${key}.history.json`, JSON.stringify(entry), undefined);
    await store.putIf(`${key}.checkpoint.json`, "{}", undefined);
  };
  const result = async () => (await lastUpdate(store, "prod", "data", NOW))?.result;

  it("is undefined before the first update", async () => {
    expect(await result()).to.equal(undefined);
  });

  it("is the newest update, even if all are old", async () => {
    await update(90 * DAY, "failed");
    await update(80 * DAY, "succeeded");
    expect(await result()).to.equal("succeeded");
    await update(60, "failed");
    expect(await result()).to.equal("failed");
  });

  it("is not an update that the layer's guard refused", async () => {
    await update(100, "succeeded");
    await update(50, "failed");
    await saveRefusal(store, "prod", "data", NOW - 49_000);
    expect(await result()).to.equal("succeeded");
    await update(30, "failed");
    expect(await result()).to.equal("failed");
  });
});
