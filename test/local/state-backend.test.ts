import {
  DeletePublicAccessBlockCommand,
  GetBucketEncryptionCommand,
  GetBucketVersioningCommand,
  GetPublicAccessBlockCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { expect } from "chai";
import { stateClients } from "@proliferate-infra/rollout/local/emulated-clients";
import { localEnvironment } from "@proliferate-infra/rollout/local/local-names";
import { ensureStateBackend } from "@proliferate-infra/rollout/local/state-backend";
import { startTestEmulator, type TestEmulator } from "../support/emulator.ts";

describe("the state backend", () => {
  let emulator: TestEmulator;
  let s3: S3Client;
  before(async () => {
    emulator = await startTestEmulator();
    s3 = new S3Client(emulator.clientOptions);
  });
  after(async () => {
    s3.destroy();
    await emulator.stop();
  });

  const Bucket = localEnvironment.state.bucket;

  it("is a bucket that keeps versions, encrypts and is closed to the public", async () => {
    const versioning = await s3.send(new GetBucketVersioningCommand({ Bucket }));
    expect(versioning.Status).to.equal("Enabled");
    const encryption = await s3.send(new GetBucketEncryptionCommand({ Bucket }));
    const [rule] = encryption.ServerSideEncryptionConfiguration?.Rules ?? [];
    expect(rule?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm).to.equal("AES256");
    expect(await publicAccess()).to.deep.equal([true, true, true, true]);
  });

  it("is left as it is when it is right, and mended when it is not", async () => {
    const clients = stateClients(emulator.endpoint);
    try {
      const keyId = await ensureStateBackend(clients, localEnvironment);
      expect(keyId).to.match(/^[0-9a-f-]{36}$/);
      await s3.send(new DeletePublicAccessBlockCommand({ Bucket }));
      expect(await ensureStateBackend(clients, localEnvironment)).to.equal(keyId);
      expect(await publicAccess()).to.deep.equal([true, true, true, true]);
    } finally {
      clients.close();
    }
  });

  async function publicAccess() {
    const { PublicAccessBlockConfiguration: block } = await s3.send(new GetPublicAccessBlockCommand({ Bucket }));
    return [block?.BlockPublicAcls, block?.IgnorePublicAcls, block?.BlockPublicPolicy, block?.RestrictPublicBuckets];
  }
});
