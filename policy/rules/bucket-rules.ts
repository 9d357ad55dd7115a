/** Rules for S3. */
import { isOn, listOf, mustBeOff, type Control, type Properties } from "../control.ts";
import { statementsOf } from "../policy-documents.ts";

const BLOCKS = ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"];

export const bucketRules: readonly Control[] = [
  {
    name: "bucket-is-private",
    description: "A bucket blocks all public access.",
    controls: ["S3.8", "CKV_AWS_53", "CKV_AWS_54", "CKV_AWS_55", "CKV_AWS_56"],
    severity: "high",
    type: "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
    violation: (properties) => {
      const off = BLOCKS.filter((block) => !isOn(properties[block]));
      return off.length > 0 ? `${off.join(", ")} must be on` : undefined;
    },
    fix: "Set all four.",
  },
  {
    name: "bucket-is-encrypted",
    description: "A bucket encrypts its objects with S3's key or a KMS key.",
    controls: ["S3.17", "CKV_AWS_19", "CKV_AWS_145"],
    severity: "medium",
    type: "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    violation: ({ rules }) => {
      const algorithms = listOf(rules).map(
        (rule) => ((rule as Properties).applyServerSideEncryptionByDefault as Properties | undefined)?.sseAlgorithm,
      );
      return algorithms.some((algorithm) => algorithm === "AES256" || algorithm === "aws:kms")
        ? undefined
        : "no rule names an encryption";
    },
    fix: "Set applyServerSideEncryptionByDefault.",
  },
  {
    name: "bucket-is-versioned",
    description: "A bucket keeps overwritten and deleted objects.",
    controls: ["S3.14", "CKV_AWS_21"],
    severity: "medium",
    type: "aws:s3/bucketVersioning:BucketVersioning",
    violation: ({ versioningConfiguration }) =>
      (versioningConfiguration as Properties | undefined)?.status === "Enabled"
        ? undefined
        : "versioning is not enabled",
    fix: "Set versioningConfiguration.status to Enabled.",
  },
  {
    name: "bucket-speaks-tls",
    description: "A bucket's policy denies requests without TLS and gives the public nothing.",
    controls: ["S3.5", "S3.2", "CKV_AWS_70"],
    severity: "high",
    type: "aws:s3/bucketPolicy:BucketPolicy",
    violation: ({ policy }) => {
      const statements = statementsOf(policy);
      const denies = statements.some(
        ({ effect, conditionKeys }) => effect === "Deny" && conditionKeys.includes("aws:SecureTransport"),
      );
      const isPublic = statements.some(({ effect, principals }) => effect === "Allow" && principals.includes("*"));
      return denies && !isPublic ? undefined : "it does not deny plain HTTP, or it gives the public access";
    },
    fix: "Deny s3:* where aws:SecureTransport is false, and name the principals.",
  },
  {
    name: "bucket-is-not-emptied",
    description: "A bucket with objects in it is not deleted.",
    controls: ["AWS provider documentation, aws.s3.Bucket"],
    severity: "medium",
    type: "aws:s3/bucket:Bucket",
    violation: mustBeOff("forceDestroy"),
    fix: "Set protectResources to true, unless the environment is about to be destroyed.",
    ifProtected: true,
    advisory: true,
  },
];
