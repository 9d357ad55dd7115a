import { DescribeTableCommand, DescribeTimeToLiveCommand } from "@aws-sdk/client-dynamodb";
import {
  DescribeKeyCommand,
  GetKeyRotationStatusCommand,
  ListKeysCommand,
  ListResourceTagsCommand,
} from "@aws-sdk/client-kms";
import {
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketLocationCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  GetPublicAccessBlockCommand,
} from "@aws-sdk/client-s3";
import { expect } from "chai";
import { ensureStateBackend } from "@proliferate-infra/orchestrator/bootstrap/aws-backend";
import { stateBucket } from "@proliferate-infra/orchestrator/bootstrap/bucket";
import { environmentKey } from "@proliferate-infra/orchestrator/bootstrap/key";
import { lockTable } from "@proliferate-infra/orchestrator/bootstrap/lock-table";
import { EmptyAccounts, Interrupted, type AwsAccount } from "@proliferate-infra/testing/aws-account";
import { sharedTestEmulator } from "@proliferate-infra/testing/emulator";
import { failureOf } from "@proliferate-infra/testing/failure";

describe("the state backend on an emulated AWS", function () {
  this.timeout(60_000);

  let accounts: EmptyAccounts;
  before(async () => {
    accounts = new EmptyAccounts((await sharedTestEmulator()).endpoint, 100_000_000_000);
  });
  after(() => {
    accounts.dispose();
  });

  async function numberOfKeys({ clients }: AwsAccount): Promise<number> {
    const { Keys: keys = [] } = await clients.kms.send(new ListKeysCommand({}));
    return keys.length;
  }

  /** Everything that is there, without what must differ between two accounts. */
  async function snapshot(account: AwsAccount): Promise<unknown> {
    const { s3, dynamodb, kms } = account.clients;
    const names = account.names("prod");
    const found = await Promise.all([
      stateBucket(s3, names).read(),
      lockTable(dynamodb, names.state.lockTable).read(),
      environmentKey(kms, names).read(),
    ]);
    const key = found[2].status === "present" ? found[2].facts.id : "none";
    const text = JSON.stringify([found, await numberOfKeys(account)]);
    return JSON.parse(text.replaceAll(account.account, "ACCOUNT").replaceAll(key, "KEY"));
  }

  it("is created with all required properties", async () => {
    const account = accounts.next();
    const { s3, dynamodb, kms } = account.clients;
    const names = account.names("prod");
    const keyId = await ensureStateBackend(account.clients, names);

    const target = { Bucket: names.state.bucket };
    expect(names.state.bucket).to.equal(`proliferate-pulumi-${account.account}-eu-west-1`);
    const { LocationConstraint: place } = await s3.send(new GetBucketLocationCommand(target));
    expect(place).to.equal("eu-west-1");
    const { Status: versioning } = await s3.send(new GetBucketVersioningCommand(target));
    expect(versioning).to.equal("Enabled");
    const { ServerSideEncryptionConfiguration: encryption } = await s3.send(new GetBucketEncryptionCommand(target));
    expect(encryption?.Rules).to.deep.equal([
      { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms" }, BucketKeyEnabled: true },
    ]);
    const { PublicAccessBlockConfiguration: access } = await s3.send(new GetPublicAccessBlockCommand(target));
    expect(access).to.deep.equal({
      BlockPublicAcls: true,
      IgnorePublicAcls: true,
      BlockPublicPolicy: true,
      RestrictPublicBuckets: true,
    });
    const { OwnershipControls: ownership } = await s3.send(new GetBucketOwnershipControlsCommand(target));
    expect(ownership?.Rules).to.deep.equal([{ ObjectOwnership: "BucketOwnerEnforced" }]);
    const { Policy: policy = "" } = await s3.send(new GetBucketPolicyCommand(target));
    expect(JSON.parse(policy)).to.deep.equal({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "DenyPlainHttp",
          Effect: "Deny",
          Principal: "*",
          Action: ["s3:*"],
          Resource: [`arn:aws:s3:::${names.state.bucket}`, `arn:aws:s3:::${names.state.bucket}/*`],
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
      ],
    });
    const { Rules: rules = [] } = await s3.send(new GetBucketLifecycleConfigurationCommand(target));
    expect(rules).to.have.length(1);
    expect(rules[0]).to.deep.include({
      Status: "Enabled",
      NoncurrentVersionExpiration: { NoncurrentDays: 90, NewerNoncurrentVersions: 20 },
      Expiration: { ExpiredObjectDeleteMarker: true },
      AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
    });
    const { TagSet: tags } = await s3.send(new GetBucketTaggingCommand(target));
    expect(tags).to.deep.equal([{ Key: "proliferate:environment-state", Value: "true" }]);

    const { Table: table } = await dynamodb.send(new DescribeTableCommand({ TableName: names.state.lockTable }));
    expect(table?.KeySchema).to.deep.equal([{ AttributeName: "LockID", KeyType: "HASH" }]);
    expect(table?.AttributeDefinitions).to.deep.equal([{ AttributeName: "LockID", AttributeType: "S" }]);
    expect(table?.BillingModeSummary?.BillingMode).to.equal("PAY_PER_REQUEST");
    expect(table?.DeletionProtectionEnabled).to.equal(true);
    expect(table?.SSEDescription).to.include({ Status: "ENABLED", SSEType: "KMS" });
    const { TimeToLiveDescription: expiry } = await dynamodb.send(
      new DescribeTimeToLiveCommand({ TableName: names.state.lockTable }),
    );
    // DynamoDB would delete the number that the next holder must go on from (docs/decisions/0007).
    expect(expiry?.TimeToLiveStatus).to.equal("DISABLED");

    const { KeyMetadata: key } = await kms.send(new DescribeKeyCommand({ KeyId: "alias/proliferate-pulumi-prod" }));
    expect(key).to.include({ KeyId: keyId, KeyState: "Enabled", KeySpec: "SYMMETRIC_DEFAULT" });
    const { KeyRotationEnabled: rotates } = await kms.send(new GetKeyRotationStatusCommand({ KeyId: keyId }));
    expect(rotates).to.equal(true);
    const { Tags: keyTags } = await kms.send(new ListResourceTagsCommand({ KeyId: keyId }));
    expect(keyTags).to.deep.equal([{ TagKey: "proliferate:environment", TagValue: "prod" }]);
  });

  it("does not change when it is correct", async () => {
    const account = accounts.next();
    const keyId = await ensureStateBackend(account.clients, account.names("prod"));
    account.forgetCalls();
    expect(await ensureStateBackend(account.clients, account.names("prod"))).to.equal(keyId);
    expect(account.changes()).to.deep.equal([]);
  });

  it("has the same result after an interruption between any two calls", async () => {
    const whole = accounts.next();
    await ensureStateBackend(whole.clients, whole.names("prod"));
    const calls = whole.calls.length;
    const wanted = await snapshot(whole);
    expect(whole.changes()).to.have.length.greaterThan(10);
    for (let allowed = 0; allowed < calls; allowed++) {
      const account = accounts.next();
      account.forgetCalls(allowed);
      expect(await failureOf(ensureStateBackend(account.clients, account.names("prod")))).instanceOf(Interrupted);
      account.forgetCalls();
      await ensureStateBackend(account.clients, account.names("prod"));
      expect(await snapshot(account), `after ${allowed} calls`).to.deep.equal(wanted);
    }
  });

  it("has the same result for two set-ups at the same time", async () => {
    const account = accounts.next();
    const ensure = () => ensureStateBackend(account.clients, account.names("prod"));
    const [first, second] = await Promise.all([ensure(), ensure()]);
    expect(first).to.equal(second);
    expect(await ensure()).to.equal(first);
  });

  it("names no region when it creates a bucket in us-east-1, and the region elsewhere", async () => {
    for (const [region, place] of [
      ["us-east-1", undefined],
      ["ap-south-1", { LocationConstraint: "ap-south-1" }],
    ] as const) {
      const account = accounts.next(region);
      await ensureStateBackend(account.clients, account.names("prod"));
      const input = account.inputs[account.calls.indexOf("CreateBucket")];
      expect(input).to.have.property("CreateBucketConfiguration").deep.equal(place);
    }
  });

  it("passes the expected account in every call to an existing bucket", async () => {
    const account = accounts.next();
    await ensureStateBackend(account.clients, account.names("prod"));
    const toBuckets = account.inputs.filter((input) => "Bucket" in input && !("CreateBucketConfiguration" in input));
    expect(toBuckets).to.have.length.greaterThan(10);
    for (const input of toBuckets) {
      expect(input).to.have.property("ExpectedBucketOwner", account.account);
    }
  });

  it("shares bucket and table between environments of an account, but not prefix and key", async () => {
    const account = accounts.next();
    const prod = await ensureStateBackend(account.clients, account.names("prod"));
    account.forgetCalls();
    const staging = await ensureStateBackend(account.clients, account.names("staging"));
    expect(account.changes()).to.deep.equal(["CreateKey", "CreateAlias", "EnableKeyRotation"]);
    expect(staging).not.to.equal(prod);
    const [{ state: first }, { state: second }] = [account.names("prod"), account.names("staging")];
    expect([first.bucket, first.lockTable]).to.deep.equal([second.bucket, second.lockTable]);
    expect(first.prefix).not.to.equal(second.prefix);
  });
});
