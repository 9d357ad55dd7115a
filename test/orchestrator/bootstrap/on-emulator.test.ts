import { DescribeTableCommand, DescribeTimeToLiveCommand, CreateTableCommand } from "@aws-sdk/client-dynamodb";
import {
  DescribeKeyCommand,
  DisableKeyCommand,
  GetKeyRotationStatusCommand,
  ListKeysCommand,
  ListResourceTagsCommand,
} from "@aws-sdk/client-kms";
import {
  CreateBucketCommand,
  DeletePublicAccessBlockCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketLocationCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  GetPublicAccessBlockCommand,
  PutBucketPolicyCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutPublicAccessBlockCommand,
} from "@aws-sdk/client-s3";
import { expect } from "chai";
import { UserError } from "@proliferate-infra/backend/errors";
import { ensureStateBackend, readStateBackend } from "@proliferate-infra/orchestrator/bootstrap/bootstrap";
import { AwsAccount, Interrupted } from "@proliferate-infra/testing/aws-account";
import { sharedTestEmulator, type SharedEmulator } from "@proliferate-infra/testing/emulator";
import { failureOf } from "@proliferate-infra/testing/failure";

describe("the state backend on an emulated AWS", function () {
  this.timeout(60_000);

  let emulator: SharedEmulator;
  const accounts: AwsAccount[] = [];
  before(async () => {
    emulator = await sharedTestEmulator();
  });
  after(() => {
    for (const account of accounts) {
      account.dispose();
    }
  });

  /** An account that nothing was made in yet. */
  function emptyAccount(region?: string): AwsAccount {
    const account = new AwsAccount(emulator.endpoint, String(100_000_000_000 + accounts.length), region);
    accounts.push(account);
    return account;
  }

  async function numberOfKeys({ clients }: AwsAccount): Promise<number> {
    const { Keys: keys = [] } = await clients.kms.send(new ListKeysCommand({}));
    return keys.length;
  }

  /** Everything that is there, without what must differ between two accounts. */
  async function snapshot(account: AwsAccount, stack = "prod"): Promise<unknown> {
    const found = await readStateBackend(account.clients, account.names(stack));
    const text = JSON.stringify({ ...found, keys: await numberOfKeys(account) });
    const id = found.key.kind === "key" ? found.key.id : "none";
    return JSON.parse(text.replaceAll(account.account, "ACCOUNT").replaceAll(id, "KEY"));
  }

  it("is made from nothing, with everything as it must be", async () => {
    const account = emptyAccount();
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
          Action: "s3:*",
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

  it("is left as it is when it is right", async () => {
    const account = emptyAccount();
    const keyId = await ensureStateBackend(account.clients, account.names("prod"));
    account.forgetCalls();
    expect(await ensureStateBackend(account.clients, account.names("prod"))).to.equal(keyId);
    expect(account.changes()).to.deep.equal([]);
  });

  it("ends in the same state after an interruption between any two of its calls", async () => {
    const whole = emptyAccount();
    await ensureStateBackend(whole.clients, whole.names("prod"));
    const calls = whole.calls.length;
    const wanted = await snapshot(whole);
    expect(whole.changes()).to.have.length.greaterThan(10);
    for (let allowed = 0; allowed < calls; allowed++) {
      const account = emptyAccount();
      account.forgetCalls(allowed);
      expect(await failureOf(ensureStateBackend(account.clients, account.names("prod")))).instanceOf(Interrupted);
      account.forgetCalls();
      await ensureStateBackend(account.clients, account.names("prod"));
      expect(await snapshot(account), `after ${allowed} calls`).to.deep.equal(wanted);
    }
  });

  it("names no region when it creates a bucket in us-east-1, and the region elsewhere", async () => {
    for (const [region, place] of [
      ["us-east-1", undefined],
      ["ap-south-1", { LocationConstraint: "ap-south-1" }],
    ] as const) {
      const account = emptyAccount(region);
      await ensureStateBackend(account.clients, account.names("prod"));
      const input = account.inputs[account.calls.indexOf("CreateBucket")];
      expect(input).to.have.property("CreateBucketConfiguration").deep.equal(place);
    }
  });

  it("expects the account in every call to a bucket that there is", async () => {
    const account = emptyAccount();
    await ensureStateBackend(account.clients, account.names("prod"));
    const toBuckets = account.inputs.filter((input) => "Bucket" in input && !("CreateBucketConfiguration" in input));
    expect(toBuckets).to.have.length.greaterThan(10);
    for (const input of toBuckets) {
      expect(input).to.have.property("ExpectedBucketOwner", account.account);
    }
  });

  it("shares bucket and table between the environments of an account, and neither prefix nor key", async () => {
    const account = emptyAccount();
    const prod = await ensureStateBackend(account.clients, account.names("prod"));
    account.forgetCalls();
    const staging = await ensureStateBackend(account.clients, account.names("staging"));
    expect(account.changes()).to.deep.equal(["CreateKey", "CreateAlias", "EnableKeyRotation"]);
    expect(staging).not.to.equal(prod);
    const [{ state: first }, { state: second }] = [account.names("prod"), account.names("staging")];
    expect([first.bucket, first.lockTable]).to.deep.equal([second.bucket, second.lockTable]);
    expect(first.prefix).not.to.equal(second.prefix);
  });

  describe("adopts", () => {
    it("its own bucket after somebody opened it, and closes it again", async () => {
      const account = emptyAccount();
      const names = account.names("prod");
      await ensureStateBackend(account.clients, names);
      const wanted = await snapshot(account);
      const target = { Bucket: names.state.bucket };
      await account.clients.s3.send(new DeletePublicAccessBlockCommand(target));
      await account.clients.s3.send(
        new PutBucketVersioningCommand({ ...target, VersioningConfiguration: { Status: "Suspended" } }),
      );
      account.forgetCalls();
      await ensureStateBackend(account.clients, names);
      expect(account.changes()).to.deep.equal(["PutPublicAccessBlock", "PutBucketVersioning"]);
      expect(await snapshot(account)).to.deep.equal(wanted);
    });

    it("a bucket with content that keeps versions and is closed, with its own tags and statements", async () => {
      const account = emptyAccount();
      const { s3 } = account.clients;
      const names = account.names("prod");
      const target = { Bucket: names.state.bucket };
      const statement = {
        Sid: "Auditors",
        Effect: "Allow",
        Principal: { AWS: `arn:aws:iam::${account.account}:root` },
        Action: "s3:GetObject",
        Resource: `arn:aws:s3:::${names.state.bucket}/*`,
      };
      await foreignBucket(account);
      await closeAndVersion(account);
      const TagSet = [{ Key: "team", Value: "payments" }];
      await s3.send(new PutBucketTaggingCommand({ ...target, Tagging: { TagSet } }));
      const Policy = JSON.stringify({ Version: "2012-10-17", Statement: statement });
      await s3.send(new PutBucketPolicyCommand({ ...target, Policy }));
      await ensureStateBackend(account.clients, names);
      const { TagSet: tags } = await s3.send(new GetBucketTaggingCommand(target));
      expect(tags).to.have.deep.members([...TagSet, { Key: "proliferate:environment-state", Value: "true" }]);
      const { Policy: policy = "" } = await s3.send(new GetBucketPolicyCommand(target));
      const { Statement: statements } = JSON.parse(policy) as { Statement: { Sid: string }[] };
      expect(statements[0]).to.deep.equal(statement);
      expect(statements.map(({ Sid }) => Sid)).to.deep.equal(["Auditors", "DenyPlainHttp"]);
    });
  });

  describe("refuses, and changes nothing:", () => {
    async function refusal(account: AwsAccount): Promise<string> {
      account.forgetCalls();
      const failure = await failureOf(ensureStateBackend(account.clients, account.names("prod")));
      expect(failure).instanceOf(UserError);
      expect(account.changes()).to.deep.equal([]);
      return failure.message;
    }

    it("another account's bucket", async () => {
      const [owner, other] = [emptyAccount(), emptyAccount()];
      await owner.clients.s3.send(new CreateBucketCommand({ Bucket: other.names("prod").state.bucket }));
      expect(await refusal(other)).to.equal(
        `The bucket ${other.names("prod").state.bucket} belongs to another account, or these credentials may not see it.`,
      );
    });

    it("a bucket with content, open and without versions, both named at once", async () => {
      const account = emptyAccount();
      await foreignBucket(account);
      const { bucket } = account.names("prod").state;
      expect(await refusal(account)).to.equal(
        `The bucket ${bucket} has content and does not keep versions.\n` +
          `The bucket ${bucket} has content and does not block all public access.`,
      );
    });

    it("a bucket whose policy allows everybody something", async () => {
      const account = emptyAccount();
      await foreignBucket(account);
      await closeAndVersion(account);
      const { bucket: Bucket } = account.names("prod").state;
      const everyone = { Effect: "Allow", Principal: { AWS: ["*"] }, Action: "s3:GetObject", Resource: "*" };
      const Policy = JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ ...everyone, Resource: `arn:aws:s3:::${Bucket}/*` }],
      });
      await account.clients.s3.send(new DeletePublicAccessBlockCommand({ Bucket }));
      await account.clients.s3.send(new PutBucketPolicyCommand({ Bucket, Policy }));
      expect(await refusal(account)).to.contain("has a policy that allows everybody something");
    });

    it("a table with another key", async () => {
      const account = emptyAccount();
      await account.clients.dynamodb.send(
        new CreateTableCommand({
          TableName: account.names("prod").state.lockTable,
          AttributeDefinitions: [{ AttributeName: "id", AttributeType: "N" }],
          KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
          BillingMode: "PAY_PER_REQUEST",
        }),
      );
      expect(await refusal(account)).to.contain("has the key id N HASH, not LockID (text)");
    });

    it("a key that is switched off", async () => {
      const account = emptyAccount();
      const keyId = await ensureStateBackend(account.clients, account.names("prod"));
      await account.clients.kms.send(new DisableKeyCommand({ KeyId: keyId }));
      expect(await refusal(account)).to.contain("The key alias/proliferate-pulumi-prod is Disabled");
    });
  });

  async function foreignBucket(account: AwsAccount): Promise<void> {
    const { bucket: Bucket } = account.names("prod").state;
    const CreateBucketConfiguration = { LocationConstraint: "eu-west-1" } as const;
    await account.clients.s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration }));
    await account.clients.s3.send(new PutObjectCommand({ Bucket, Key: "report", Body: "figures" }));
  }

  async function closeAndVersion(account: AwsAccount): Promise<void> {
    const { bucket: Bucket } = account.names("prod").state;
    const { s3 } = account.clients;
    await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Enabled" } }));
    const PublicAccessBlockConfiguration = {
      BlockPublicAcls: true,
      IgnorePublicAcls: true,
      BlockPublicPolicy: true,
      RestrictPublicBuckets: true,
    };
    await s3.send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration }));
  }
});
