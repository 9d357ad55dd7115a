/** The bucket that gateway and worker use with their role. */
import type * as pulumi from "@pulumi/pulumi";
import type { AwsAccount } from "@proliferate-infra/shared/aws/iam";
import type { LayerScope } from "@proliferate-infra/shared/program/layer";
import { present } from "./service-inputs.ts";
import type { ObjectStore } from "./task-policies.ts";

/** The bucket that the layer data has created. */
export interface CreatedBucket {
  readonly name: pulumi.Output<string>;
  readonly arn: pulumi.Output<string>;
}

/**
 * Returns the bucket of the layer data; undefined without `createS3Bucket`.
 *
 * @throws pulumi.RunError when the layer data was deployed without it.
 */
export function createdBucketOf({ settings, upstream }: LayerScope<"services">): CreatedBucket | undefined {
  if (!settings.createS3Bucket) {
    return undefined;
  }
  const { s3BucketName, s3BucketArn } = upstream.data;
  return {
    name: present("createS3Bucket", "data", "s3BucketName", s3BucketName),
    arn: present("createS3Bucket", "data", "s3BucketArn", s3BucketArn),
  };
}

/** Returns the bucket that a role is for; undefined without one, and where it is not in AWS, which knows no roles there. */
export function objectStoreOf(
  { settings }: LayerScope<"services">,
  created: CreatedBucket | undefined,
  account: pulumi.Output<AwsAccount>,
): pulumi.Output<ObjectStore> | undefined {
  if (created !== undefined) {
    return created.arn.apply((bucketArn) => ({ bucketArn, keyArn: settings.kmsKeyArn }));
  }
  const { s3Bucket, s3EndpointUrl, s3KmsKeyArn: keyArn } = settings;
  return s3Bucket === undefined || s3EndpointUrl !== undefined
    ? undefined
    : account.apply(({ partition }) => ({ bucketArn: `arn:${partition}:s3:::${s3Bucket}`, keyArn }));
}
