/** The bucket that gateway and worker use with their role. */
import type * as pulumi from "@pulumi/pulumi";
import type { AwsAccount } from "@proliferate-infra/shared/aws/iam";
import type { LayerScope } from "@proliferate-infra/shared/program/layer";
import type { ObjectStore } from "./task-policies.ts";

/** Returns the bucket; undefined without one, and where it is not in AWS, which knows no roles there. */
export function objectStoreOf(
  { settings }: LayerScope<"services">,
  account: pulumi.Output<AwsAccount>,
): pulumi.Output<ObjectStore> | undefined {
  const { s3Bucket, s3EndpointUrl, s3KmsKeyArn: keyArn } = settings;
  return s3Bucket === undefined || s3EndpointUrl !== undefined
    ? undefined
    : account.apply(({ partition }) => ({ bucketArn: `arn:${partition}:s3:::${s3Bucket}`, keyArn }));
}
