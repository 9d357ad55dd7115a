import {
  S3Client,
  type LifecycleRule,
  type PutBucketEncryptionCommandInput,
  type PutBucketLifecycleConfigurationCommandInput,
  type PutBucketPolicyCommandInput,
  type PutBucketTaggingCommandInput,
} from "@aws-sdk/client-s3";
import { expect } from "chai";
import fc from "fast-check";
import { denyPlainHttp } from "@proliferate-infra/shared/aws/iam";
import { environmentNames } from "@proliferate-infra/backend/environment/names";
import { stateBucket } from "@proliferate-infra/orchestrator/bootstrap/bucket";
import type { BucketFacts } from "@proliferate-infra/orchestrator/bootstrap/bucket-requirements";
import { allowsEveryone, parsePolicy } from "@proliferate-infra/orchestrator/bootstrap/bucket-policy";
import {
  completeResource,
  planResource,
  type StateResource,
} from "@proliferate-infra/orchestrator/bootstrap/state-resource";

const names = environmentNames("123456789012", "eu-west-1", "prod");
const tlsOnly = denyPlainHttp(`arn:aws:s3:::${names.state.bucket}`);
const STATE_TAG = "proliferate:environment-state";

/** What a call makes of a bucket, as AWS would show it afterwards. */
const EFFECTS: Readonly<Record<string, (input: unknown) => Partial<BucketFacts>>> = {
  PutBucketTaggingCommand: (input) => ({ tags: (input as PutBucketTaggingCommandInput).Tagging?.TagSet ?? [] }),
  PutPublicAccessBlockCommand: () => ({ isClosed: true }),
  PutBucketOwnershipControlsCommand: () => ({ ignoresLists: true }),
  PutBucketVersioningCommand: () => ({ keepsVersions: true }),
  PutBucketEncryptionCommand: (input) => ({
    encryption: (input as PutBucketEncryptionCommandInput).ServerSideEncryptionConfiguration?.Rules?.[0],
  }),
  PutBucketPolicyCommand: (input) => ({ policy: parsePolicy((input as PutBucketPolicyCommandInput).Policy ?? "") }),
  PutBucketLifecycleConfigurationCommand: (input) => ({
    lifecycle: (input as PutBucketLifecycleConfigurationCommandInput).LifecycleConfiguration?.Rules ?? [],
  }),
};

/** The state's bucket with these facts; calls change them. */
function simulatedBucket(found: BucketFacts): StateResource<BucketFacts> {
  let facts = found;
  const s3 = new S3Client({ region: "eu-west-1" });
  s3.middlewareStack.add(
    (_next, { commandName = "" }) =>
      ({ input }) => {
        facts = { ...facts, ...EFFECTS[commandName]?.(input) };
        return Promise.resolve({ output: { $metadata: {} }, response: {} });
      },
    { step: "initialize", priority: "high" },
  );
  return { ...stateBucket(s3, names), read: () => Promise.resolve({ status: "present", facts }) };
}

const tag = fc.record({ Key: fc.constantFrom("team", "cost", STATE_TAG), Value: fc.constantFrom("true", "x") });
const statement = fc.constantFrom(
  { ...tlsOnly },
  { ...tlsOnly, Effect: "Allow", Principal: { AWS: "123456789012" } },
  { Sid: "Auditors", Effect: "Allow", Principal: { AWS: ["123456789012"] }, Action: "s3:GetObject" },
  { Effect: "Allow", Principal: "*", Action: "s3:GetObject" },
);
const lifecycleRule: fc.Arbitrary<LifecycleRule> = fc.constantFrom(
  { ID: "others", Status: "Enabled" as const, Expiration: { Days: 3650 } },
  { ID: "proliferate-old-state-versions", Status: "Disabled" as const },
);
const bucketFacts: fc.Arbitrary<BucketFacts> = fc.record({
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
    { nil: undefined },
  ),
  lifecycle: fc.uniqueArray(lifecycleRule, { selector: ({ ID }) => ID }),
});

const planOf = (facts: BucketFacts) => planResource(simulatedBucket(facts), { status: "present", facts });
const isOurs = ({ isEmpty, tags }: BucketFacts) =>
  isEmpty || tags.some(({ Key, Value }) => Key === STATE_TAG && Value === "true");

describe("the state's bucket", () => {
  it("has all required properties after repair, and keeps other tags, statements, rules and key", () =>
    fc.assert(
      fc.asyncProperty(bucketFacts, async (found) => {
        fc.pre(planOf(found).action !== "refuse");
        const after = await completeResource(simulatedBucket(found));
        // Somebody's content in it makes no difference any more.
        expect(planOf({ ...after, isEmpty: false })).to.include({ action: "keep" });

        expect(after.tags).to.include.deep.members(found.tags.filter(({ Key }) => Key !== STATE_TAG));
        const theirs = found.policy?.Statement.filter(({ Sid }) => Sid !== "DenyPlainHttp") ?? [];
        expect(after.policy?.Statement).to.include.deep.members(theirs);
        expect(after.lifecycle).to.include.deep.members(found.lifecycle.filter(({ ID }) => ID === "others"));
        const keyOf = ({ encryption }: BucketFacts) => encryption?.ApplyServerSideEncryptionByDefault?.KMSMasterKeyID;
        expect(keyOf(after)).to.equal(keyOf(found));
      }),
    ));

  it("is refused when its policy is public, or it has other content and is open or not versioned", () => {
    fc.assert(
      fc.property(bucketFacts, (found) => {
        const isPublic = found.policy?.Statement.some(allowsEveryone) === true;
        const isUnsafe = !isOurs(found) && !(found.keepsVersions && found.isClosed);
        return (planOf(found).action === "refuse") === (isPublic || isUnsafe);
      }),
    );
  });
});
