import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { expect } from "chai";
import { lockTable, type TableFacts } from "@proliferate-infra/orchestrator/bootstrap/lock-table";
import { planResource } from "@proliferate-infra/orchestrator/bootstrap/state-resource";

describe("the plan for the lock table", () => {
  const table = lockTable(new DynamoDBClient({ region: "eu-west-1" }), "locks");
  const right: TableFacts = {
    status: "ACTIVE",
    arn: "arn:aws:dynamodb:eu-west-1:123456789012:table/locks",
    tagNames: [],
    key: ["LockID S HASH"],
    isOnDemand: true,
    isProtected: true,
    isEncryptedByKms: true,
  };
  const planOf = (changes: Partial<TableFacts>) =>
    planResource(table, { status: "present", facts: { ...right, ...changes } });

  it("keeps a correct table, and creates a missing one with all properties", () => {
    expect(planOf({})).to.deep.equal({ what: "lock table", name: "locks", action: "keep", details: [] });
    const details = ["bill on demand", "protect it from deletion", "encrypt with a KMS key"];
    expect(planResource(table, { status: "absent" })).to.deep.include({ action: "create", details });
  });

  for (const [what, changes, fix] of [
    ["provisioned capacity", { isOnDemand: false }, "bill on demand"],
    ["no protection", { isProtected: false }, "protect it from deletion"],
    ["AWS's own key", { isEncryptedByKms: false }, "encrypt with a KMS key"],
  ] as const) {
    it(`fixes ${what}`, () => {
      expect(planOf(changes)).to.deep.include({ action: "fix", details: [fix] });
    });
  }

  for (const [what, changes, reason] of [
    ["another key", { key: ["id S HASH"] }, "has the key id S HASH, not LockID (text)"],
    ["a sort key", { key: ["LockID S HASH", "n N RANGE"] }, "has the key LockID S HASH, n N RANGE, not LockID (text)"],
    ["a key that is no text", { key: ["LockID N HASH"] }, "has the key LockID N HASH, not LockID (text)"],
    ["a table that is being deleted", { status: "DELETING" }, "is in the state DELETING"],
  ] as const) {
    it(`refuses ${what}`, () => {
      expect(planOf(changes)).to.deep.include({ action: "refuse", details: [reason] });
    });
  }
});
