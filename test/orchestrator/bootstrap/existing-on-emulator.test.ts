import { CreateTableCommand } from "@aws-sdk/client-dynamodb";
import { DisableKeyCommand } from "@aws-sdk/client-kms";
import {
  CreateBucketCommand,
  DeletePublicAccessBlockCommand,
  GetBucketPolicyCommand,
  GetBucketTaggingCommand,
  PutBucketPolicyCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutPublicAccessBlockCommand,
} from "@aws-sdk/client-s3";
import { expect } from "chai";
import { UserError } from "@proliferate-infra/backend/errors";
import { ensureStateBackend } from "@proliferate-infra/orchestrator/bootstrap/aws-backend";
import { stateBucket } from "@proliferate-infra/orchestrator/bootstrap/bucket";
import { EmptyAccounts, type AwsAccount } from "@proliferate-infra/testing/aws-account";
import { sharedTestEmulator } from "@proliferate-infra/testing/emulator";
import { failureOf } from "@proliferate-infra/testing/failure";

describe("resources that a set-up finds on an emulated AWS", function () {
  this.timeout(60_000);

  let accounts: EmptyAccounts;
  before(async () => {
    accounts = new EmptyAccounts((await sharedTestEmulator()).endpoint, 150_000_000_000);
  });
  after(() => {
    accounts.dispose();
  });

  describe("adopts", () => {
    it("its own bucket after it was made public, and blocks access again", async () => {
      const account = accounts.next();
      const names = account.names("prod");
      await ensureStateBackend(account.clients, names);
      const wanted = await stateBucket(account.clients.s3, names).read();
      const target = { Bucket: names.state.bucket };
      await account.clients.s3.send(new DeletePublicAccessBlockCommand(target));
      await account.clients.s3.send(
        new PutBucketVersioningCommand({ ...target, VersioningConfiguration: { Status: "Suspended" } }),
      );
      account.forgetCalls();
      await ensureStateBackend(account.clients, names);
      expect(account.changes()).to.deep.equal(["PutPublicAccessBlock", "PutBucketVersioning"]);
      expect(await stateBucket(account.clients.s3, names).read()).to.deep.equal(wanted);
    });

    it("a bucket with content that keeps versions and is closed, with its own tags and statements", async () => {
      const account = accounts.next();
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
      const [owner, other] = [accounts.next(), accounts.next()];
      await owner.clients.s3.send(new CreateBucketCommand({ Bucket: other.names("prod").state.bucket }));
      expect(await refusal(other)).to.equal(
        `The state bucket ${other.names("prod").state.bucket} belongs to another account, or these credentials may not see it.`,
      );
    });

    it("a bucket with content that is open and not versioned, and reports both", async () => {
      const account = accounts.next();
      await foreignBucket(account);
      const { bucket } = account.names("prod").state;
      expect(await refusal(account)).to.equal(
        `The state bucket ${bucket} has content and does not keep versions.\n` +
          `The state bucket ${bucket} has content and does not block all public access.`,
      );
    });

    it("a bucket with a public policy", async () => {
      const account = accounts.next();
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
      const account = accounts.next();
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

    it("a disabled key", async () => {
      const account = accounts.next();
      const keyId = await ensureStateBackend(account.clients, account.names("prod"));
      await account.clients.kms.send(new DisableKeyCommand({ KeyId: keyId }));
      expect(await refusal(account)).to.contain("The KMS key alias/proliferate-pulumi-prod is Disabled");
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
