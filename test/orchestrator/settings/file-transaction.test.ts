import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import {
  beginTransaction,
  finishTransaction,
  type FileChange,
} from "@proliferate-infra/orchestrator/settings/file-transaction";
import { UserError } from "@proliferate-infra/backend/errors";

const COUNT = 4;

describe("a transaction over files", () => {
  let folder: string;
  let transaction: string;
  let changes: readonly FileChange[];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "transaction-"));
    transaction = join(folder, "transaction");
    changes = Array.from({ length: COUNT }, (_, index) => {
      const path = join(folder, `file-${index}`);
      writeFileSync(path, `before ${index}`);
      return { path, before: `before ${index}`, after: `after ${index}` };
    });
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  const texts = () => changes.map(({ path }) => readFileSync(path, "utf8"));
  const before = () => changes.map((change) => change.before);
  const after = () => changes.map((change) => change.after);

  it("replaces all files and leaves no temporary files", () => {
    beginTransaction(transaction, changes);
    expect(texts()).to.deep.equal(before());
    expect(finishTransaction(transaction)).to.equal("finished");
    expect(texts()).to.deep.equal(after());
    expect(existsSync(transaction)).to.equal(false);
    expect(finishTransaction(transaction)).to.equal("nothing to do");
  });

  it("is finished after a kill between any two renames", () => {
    for (let renamed = 0; renamed <= COUNT; renamed++) {
      beginTransaction(transaction, changes);
      // As far as finishTransaction would have come.
      for (const [index, { path }] of changes.slice(0, renamed).entries()) {
        renameSync(join(transaction, `draft-${index}.yaml`), path);
      }
      expect(finishTransaction(transaction)).to.equal("finished");
      expect(texts(), `after ${renamed} renames`).to.deep.equal(after());
      for (const change of changes) {
        writeFileSync(change.path, change.before);
      }
    }
  });

  it("is undone when it was killed before the journal was complete", () => {
    mkdirSync(transaction);
    writeFileSync(join(transaction, "draft-0.yaml"), "after 0");
    writeFileSync(join(transaction, "journal.json.draft"), "[{");
    expect(finishTransaction(transaction)).to.equal("undone");
    expect(texts()).to.deep.equal(before());
    expect(existsSync(transaction)).to.equal(false);
  });

  it("overwrites no other change, before or after a kill", () => {
    const [first] = changes;
    if (first === undefined) {
      throw new Error("There is no file.");
    }
    beginTransaction(transaction, changes);
    writeFileSync(first.path, "edited");
    expect(() => finishTransaction(transaction)).to.throw(UserError, `rm -r ${transaction}`);
    expect(texts()).to.deep.equal(["edited", ...before().slice(1)]);
    rmSync(transaction, { recursive: true });
    expect(() => {
      beginTransaction(transaction, changes);
    }).to.throw(UserError, "changed by somebody else");
  });
});
