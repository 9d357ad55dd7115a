import { expect } from "chai";
import fc from "fast-check";
import type { LifecycleRule } from "@aws-sdk/client-s3";
import { environmentNames } from "@proliferate-infra/backend/environment/names";
import {
  planBucket,
  STATE_TAG,
  type BucketFacts,
  type BucketRepair,
} from "@proliferate-infra/orchestrator/bootstrap/bucket-plan";
import { allowsEveryone, denyPlainHttp, parsePolicy } from "@proliferate-infra/orchestrator/bootstrap/bucket-policy";
import { planKey, type KeyFacts } from "@proliferate-infra/orchestrator/bootstrap/key-plan";
import { planLockTable, type TableFacts } from "@proliferate-infra/orchestrator/bootstrap/lock-table-plan";
import { isDone } from "@proliferate-infra/orchestrator/bootstrap/plan";

const names = environmentNames("123456789012", "eu-west-1", "prod");

/** A bucket after its repairs, as AWS would show it. */
function fixed(facts: BucketFacts, repairs: readonly BucketRepair[]): BucketFacts {
  return repairs.reduce<BucketFacts>((found, fix) => {
    switch (fix.kind) {
      case "tag":
        return { ...found, tags: fix.tags };
      case "public-access":
        return { ...found, isClosed: true };
      case "ownership":
        return { ...found, ignoresLists: true };
      case "versioning":
        return { ...found, keepsVersions: true };
      case "encryption":
        return { ...found, encryption: fix.rule };
      case "tls-only":
        return { ...found, policy: parsePolicy(JSON.stringify(fix.policy)) };
      case "lifecycle":
        return { ...found, lifecycle: fix.rules };
    }
  }, facts);
}

const tag = fc.record({ Key: fc.constantFrom("team", "cost", STATE_TAG.Key), Value: fc.constantFrom("true", "x") });
const statement = fc.constantFrom(
  denyPlainHttp(names.state.bucket, "eu-west-1"),
  { ...denyPlainHttp(names.state.bucket, "eu-west-1"), Effect: "Allow", Principal: { AWS: "123456789012" } },
  { Sid: "Auditors", Effect: "Allow", Principal: { AWS: ["123456789012"] }, Action: "s3:GetObject" },
  { Effect: "Allow", Principal: "*", Action: "s3:GetObject" },
);
const lifecycleRule: fc.Arbitrary<LifecycleRule> = fc.constantFrom(
  { ID: "others", Status: "Enabled" as const, Expiration: { Days: 3650 } },
  { ID: "proliferate-old-state-versions", Status: "Disabled" as const },
);
const bucketFacts: fc.Arbitrary<BucketFacts> = fc.record({
  kind: fc.constant("bucket" as const),
  isEmpty: fc.boolean(),
  tags: fc.uniqueArray(tag, { selector: ({ Key }) => Key }),
  isClosed: fc.boolean(),
  ignoresLists: fc.boolean(),
  keepsVersions: fc.boolean(),
  encryption: fc.constantFrom(
    undefined,
    { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" as const } },
    { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms" as const, KMSMasterKeyID: "theirs" } },
    { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms:dsse" as const } },
  ),
  policy: fc.option(
    fc.record({ Version: fc.constant("2012-10-17"), Statement: fc.array(statement, { maxLength: 3 }) }),
    {
      nil: undefined,
    },
  ),
  lifecycle: fc.uniqueArray(lifecycleRule, { selector: ({ ID }) => ID }),
});

const isOurs = ({ isEmpty, tags }: BucketFacts) =>
  isEmpty || tags.some(({ Key, Value }) => Key === STATE_TAG.Key && Value === "true");

describe("the plan for the state's bucket", () => {
  it("is done after it was carried out, whatever was found", () => {
    fc.assert(
      fc.property(bucketFacts, (found) => {
        const plan = planBucket(found, names);
        fc.pre(plan.action === "adopt");
        const after = fixed(found, plan.repairs);
        // Somebody's content in it makes no difference any more.
        return isDone(planBucket({ ...after, isEmpty: false }, names));
      }),
    );
  });

  it("is completed from every point at which it can be interrupted", () => {
    const created = planBucket({ kind: "absent" }, names);
    expect(created.action).to.equal("create");
    const repairs = created.action === "create" ? created.repairs : [];
    const empty: BucketFacts = {
      kind: "bucket",
      isEmpty: true,
      tags: [],
      isClosed: false,
      ignoresLists: true,
      keepsVersions: false,
      encryption: undefined,
      policy: undefined,
      lifecycle: [],
    };
    for (let done = 0; done <= repairs.length; done++) {
      const plan = planBucket(fixed(empty, repairs.slice(0, done)), names);
      expect(plan).to.deep.equal({ action: "adopt", repairs: repairs.slice(done) });
    }
  });

  it("refuses exactly what is public by policy, and others' content that is open or without versions", () => {
    fc.assert(
      fc.property(bucketFacts, (found) => {
        const isPublic = found.policy?.Statement.some(allowsEveryone) === true;
        const isUnsafe = !isOurs(found) && !(found.keepsVersions && found.isClosed);
        return (planBucket(found, names).action === "refuse") === (isPublic || isUnsafe);
      }),
    );
  });

  it("keeps others' tags, statements, rules and key", () => {
    fc.assert(
      fc.property(bucketFacts, (found) => {
        const plan = planBucket(found, names);
        fc.pre(plan.action === "adopt");
        const after = fixed(found, plan.repairs);
        expect(after.tags).to.include.deep.members(found.tags.filter(({ Key }) => Key !== STATE_TAG.Key));
        const theirs = found.policy?.Statement.filter(({ Sid }) => Sid !== "DenyPlainHttp") ?? [];
        expect(after.policy?.Statement).to.include.deep.members(theirs);
        expect(after.lifecycle).to.include.deep.members(found.lifecycle.filter(({ ID }) => ID === "others"));
        const keyOf = ({ encryption }: BucketFacts) => encryption?.ApplyServerSideEncryptionByDefault?.KMSMasterKeyID;
        expect(keyOf(after)).to.equal(keyOf(found));
      }),
    );
  });

  it("refuses a bucket that is somebody else's or elsewhere", () => {
    expect(planBucket({ kind: "forbidden" }, names)).to.have.property("action", "refuse");
    expect(planBucket({ kind: "elsewhere" }, names)).to.deep.equal({
      action: "refuse",
      differences: ["is not in eu-west-1"],
    });
  });
});

describe("the plan for the lock table", () => {
  const right: TableFacts = {
    kind: "table",
    status: "ACTIVE",
    key: ["LockID S HASH"],
    isOnDemand: true,
    isProtected: true,
    isEncryptedByKms: true,
  };

  it("is done when all is right", () => {
    expect(isDone(planLockTable(right))).to.equal(true);
  });

  for (const [what, changes, fix] of [
    ["provisioned capacity", { isOnDemand: false }, "on-demand"],
    ["no protection", { isProtected: false }, "deletion-protection"],
    ["AWS's own key", { isEncryptedByKms: false }, "encryption"],
  ] as const) {
    it(`repairs ${what}`, () => {
      expect(planLockTable({ ...right, ...changes })).to.deep.equal({ action: "adopt", repairs: [fix] });
    });
  }

  for (const [what, changes, difference] of [
    ["another key", { key: ["id S HASH"] }, "has the key id S HASH, not LockID (text)"],
    ["a sort key", { key: ["LockID S HASH", "n N RANGE"] }, "has the key LockID S HASH, n N RANGE, not LockID (text)"],
    ["a key that is no text", { key: ["LockID N HASH"] }, "has the key LockID N HASH, not LockID (text)"],
    ["a table that is going", { status: "DELETING" }, "is in the state DELETING"],
  ] as const) {
    it(`refuses ${what}`, () => {
      expect(planLockTable({ ...right, ...changes })).to.deep.equal({ action: "refuse", differences: [difference] });
    });
  }
});

describe("the plan for the key", () => {
  const right: KeyFacts = {
    kind: "key",
    id: "1234",
    state: "Enabled",
    isSymmetric: true,
    hasAlias: true,
    rotates: true,
  };

  it("completes what an interruption left, and is done after that", () => {
    expect(planKey({ kind: "absent" })).to.deep.equal({ action: "create", repairs: ["alias", "rotation"] });
    expect(planKey({ ...right, hasAlias: false, rotates: false })).to.deep.equal({
      action: "adopt",
      repairs: ["alias", "rotation"],
    });
    expect(planKey({ ...right, rotates: false })).to.deep.equal({ action: "adopt", repairs: ["rotation"] });
    expect(isDone(planKey(right))).to.equal(true);
  });

  it("refuses a key that cannot be used", () => {
    for (const changes of [{ state: "Disabled" }, { state: "PendingDeletion" }, { isSymmetric: false }]) {
      expect(planKey({ ...right, ...changes })).to.have.property("action", "refuse");
    }
  });
});
