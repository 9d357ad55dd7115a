import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { localEnvironment } from "@proliferate-infra/backend/environment/local-names";
import { fileObjectStore } from "@proliferate-infra/backend/storage/folder";
import type { ObjectStore } from "@proliferate-infra/backend/storage/object-store";
import { sharedTestEmulator } from "@proliferate-infra/testing/emulator";
import { withVariables } from "@proliferate-infra/testing/process-variables";

interface Variant {
  readonly store: ObjectStore;
  readonly dispose: () => Promise<void> | void;
}

async function inS3(): Promise<Variant> {
  const emulator = await sharedTestEmulator();
  const { s3ObjectStore } = await import("@proliferate-infra/backend/storage/s3");
  const restore = withVariables(emulator.env);
  const store = s3ObjectStore(localEnvironment.state);
  const dispose = () => {
    store.close();
    restore();
  };
  return { store, dispose };
}

function inFolder(): Promise<Variant> {
  const folder = mkdtempSync(join(tmpdir(), "object-store-"));
  const dispose = () => {
    rmSync(folder, { recursive: true });
  };
  return Promise.resolve({ store: fileObjectStore(folder), dispose });
}

for (const [name, open] of [
  ["in S3", inS3],
  ["in a folder", inFolder],
] as const) {
  describe(`objects ${name}`, () => {
    let store: ObjectStore;
    let dispose: Variant["dispose"];
    before(async () => ({ store, dispose } = await open()));
    after(() => dispose());

    it("do not exist before they are written", async () => {
      expect(await store.get("none/at-all.json")).to.equal(undefined);
      expect(await store.list("none/")).to.deep.equal([]);
    });

    it("are created once and replaced only with the current version", async () => {
      const first = await store.putIf("a/one.json", "1", undefined);
      expect(first).to.be.a("string");
      expect(await store.putIf("a/one.json", "other", undefined)).to.equal(undefined);
      const second = await store.putIf("a/one.json", "2", first);
      expect(second).to.be.a("string").and.not.equal(first);
      expect(await store.putIf("a/one.json", "3", first)).to.equal(undefined);
      expect(await store.get("a/one.json")).to.deep.equal({ text: "2", version: second });
    });

    it("can be removed, even if they no longer exist", async () => {
      await store.putIf("gone.json", "1", undefined);
      await store.remove("gone.json");
      await store.remove("gone.json");
      expect(await store.get("gone.json")).to.equal(undefined);
    });

    it("let one of several writers win", async () => {
      const wins = await Promise.all(
        Array.from({ length: 10 }, (_, index) => store.putIf("race.json", String(index), undefined)),
      );
      expect(wins.filter((version) => version !== undefined)).to.have.length(1);
    });

    it("are listed by prefix, in order, from a start key", async () => {
      for (const key of ["list/b", "list/a", "list/c/d", "lisp"]) {
        await store.putIf(key, key, undefined);
      }
      expect(await store.list("list/")).to.deep.equal(["list/a", "list/b", "list/c/d"]);
      expect(await store.list("list/", "list/a")).to.deep.equal(["list/b", "list/c/d"]);
      expect(await store.list("list/b")).to.deep.equal(["list/b"]);
    });
  });
}
