/** The application's bucket on S3, where the environment makes it (`createS3Bucket`). */
import * as aws from "@pulumi/aws";
import { denyPlainHttp, policyDocument } from "@proliferate-infra/shared/aws/iam";
import { accountOf } from "@proliferate-infra/shared/program/aws-provider";
import type { ProducedDataOutputs } from "@proliferate-infra/shared/contracts/data-outputs";
import type { LayerScope } from "@proliferate-infra/shared/program/layer";

/**
 * Creates the bucket: private, encrypted, versioned, reached over TLS only. Returns nothing where the environment does not
 * make it. Its name has account and region, because names of buckets are shared by all accounts.
 */
export function createObjectStore(
  scope: LayerScope<"data">,
): Pick<ProducedDataOutputs, "s3BucketArn" | "s3BucketName"> {
  const { settings, parent, name } = scope;
  const { createS3Bucket, protectResources: protect, kmsKeyArn } = settings;
  if (!createS3Bucket) {
    return {};
  }
  const { bucket, arn } = new aws.s3.Bucket(
    "files",
    // An environment without protection is destroyed with its objects; AWS deletes no other bucket that has some.
    {
      bucket: accountOf(parent).apply(({ accountId }) => name("bucket", "files", accountId, settings.region)),
      forceDestroy: !protect,
    },
    { parent, protect },
  );
  new aws.s3.BucketPublicAccessBlock(
    "files-public-access-block",
    { bucket, blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true },
    { parent },
  );
  const encryption =
    kmsKeyArn === undefined ? { sseAlgorithm: "AES256" } : { sseAlgorithm: "aws:kms", kmsMasterKeyId: kmsKeyArn };
  new aws.s3.BucketServerSideEncryptionConfiguration(
    "files-encryption",
    // A bucket key saves most of KMS's requests.
    { bucket, rules: [{ applyServerSideEncryptionByDefault: encryption, bucketKeyEnabled: kmsKeyArn !== undefined }] },
    { parent },
  );
  new aws.s3.BucketVersioning(
    "files-versioning",
    { bucket, versioningConfiguration: { status: "Enabled" } },
    { parent },
  );
  new aws.s3.BucketPolicy(
    "files-policy",
    { bucket, policy: arn.apply((bucketArn) => JSON.stringify(policyDocument(denyPlainHttp(bucketArn)))) },
    { parent },
  );
  return { s3BucketName: bucket, s3BucketArn: arn };
}
