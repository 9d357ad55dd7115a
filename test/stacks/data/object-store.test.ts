import { expect } from "chai";
import { valueOf } from "@proliferate-infra/testing/recording-mocks";
import { protectedNames, recordData } from "./recorded-data.ts";

const kmsKeyArn = "arn:aws:kms:us-east-1:123456789012:key/0a1b-2c3d";
const withBucket = { createS3Bucket: "true" };
const inputsOf = async (type: string, changes = {}, stack = "prod") =>
  (await recordData({ ...withBucket, ...changes }, stack)).recording.only(`aws:s3/${type}`).inputs;

describe("the application's bucket", () => {
  it("is not there unless it is asked for", async () => {
    const { recording, result } = await recordData();
    expect(recording.resources.filter(({ type }) => type.startsWith("aws:s3/"))).to.deep.equal([]);
    expect(result).not.to.have.any.keys("s3BucketName", "s3BucketArn");
  });

  it("has a name of its own, is protected, and is never deleted with objects in it", async () => {
    const { recording, result } = await recordData(withBucket);
    const bucket = recording.only("aws:s3/bucket:Bucket");
    const name = "proliferate-files-123456789012-us-east-1";
    expect(bucket.inputs).to.deep.equal({ bucket: name, forceDestroy: false });
    expect(protectedNames(recording)).to.include("files");
    expect(await valueOf(result.s3BucketName ?? "")).to.equal(name);
    expect(await inputsOf("bucket:Bucket", {}, "local")).to.include({ forceDestroy: true });
  });

  it("is private, versioned and reached over TLS only", async () => {
    const blocks = await inputsOf("bucketPublicAccessBlock:BucketPublicAccessBlock");
    expect(blocks).to.include({ blockPublicAcls: true, blockPublicPolicy: true });
    expect(blocks).to.include({ ignorePublicAcls: true, restrictPublicBuckets: true });
    const versioning = await inputsOf("bucketVersioning:BucketVersioning");
    expect(versioning.versioningConfiguration).to.deep.equal({ status: "Enabled" });
    const { policy } = await inputsOf("bucketPolicy:BucketPolicy");
    const { Statement } = JSON.parse(policy as string) as { readonly Statement: readonly object[] };
    expect(Statement).to.have.length(1);
    expect(Statement[0]).to.deep.include({
      ...{ Effect: "Deny", Principal: "*", Action: ["s3:*"] },
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    });
  });

  it("is encrypted with S3's key, or with one's own", async () => {
    const type = "bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration";
    expect((await inputsOf(type)).rules).to.deep.equal([
      { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" }, bucketKeyEnabled: false },
    ]);
    expect((await inputsOf(type, { kmsKeyArn })).rules).to.deep.equal([
      {
        applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: kmsKeyArn },
        bucketKeyEnabled: true,
      },
    ]);
  });
});
