/**
 * What the state's bucket must be. Others' tags, statements and rules in it stay.
 *
 * It is encrypted with the account's key for S3, not with an environment's: several environments share the bucket, and
 * the end of one's key must not take another's state with it. Secrets in the state are encrypted once more, with the
 * environment's own key.
 */
import { isDeepStrictEqual } from "node:util";
import {
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketPolicyCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
  PutPublicAccessBlockCommand,
  type LifecycleRule,
  type S3Client,
  type Tag,
} from "@aws-sdk/client-s3";
import { partitionOf } from "@proliferate-infra/backend/environment/aws-partition";
import { denyPlainHttp } from "@proliferate-infra/shared/aws/iam";
import type { BucketPolicy, BucketPolicyStatement } from "./bucket-policy.ts";
import type { BucketSafety, BucketTarget } from "./bucket-safety.ts";
import type { Tags } from "@proliferate-infra/shared/values/tags";
import type { Requirement } from "./state-resource.ts";
import { tagList, tagRequirements } from "./state-tags.ts";

/** A bucket as far as it matters. */
export interface BucketFacts extends BucketSafety {
  /** Neither objects nor versions of any. */
  readonly isEmpty: boolean;
  readonly tags: readonly Tag[];
  /** Access is by policies alone: access control lists count for nothing. */
  readonly ignoresLists: boolean;
  readonly policy: BucketPolicy | undefined;
  readonly lifecycle: readonly LifecycleRule[];
}

/** Marks a bucket as created or adopted for the state of environments. */
const STATE_TAG: Tag = { Key: "proliferate:environment-state", Value: "true" };

const ALL_BLOCKED = {
  BlockPublicAcls: true,
  IgnorePublicAcls: true,
  BlockPublicPolicy: true,
  RestrictPublicBuckets: true,
} as const;

/** Old versions are the way back after a mistake; without an end they would be most of the bucket. */
const OLD_VERSIONS: LifecycleRule = {
  ID: "proliferate-old-state-versions",
  Status: "Enabled",
  Filter: { Prefix: "" },
  NoncurrentVersionExpiration: { NoncurrentDays: 90, NewerNoncurrentVersions: 20 },
  // Each update creates and deletes a lock object, which leaves a marker.
  Expiration: { ExpiredObjectDeleteMarker: true },
  AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
};

/** Whether the bucket carries the tag of the environments' state. */
export function hasStateTag({ tags }: BucketFacts): boolean {
  return tags.some(({ Key, Value }) => Key === STATE_TAG.Key && Value === STATE_TAG.Value);
}

function tagNames({ tags }: BucketFacts): readonly string[] {
  return tags.map(({ Key = "" }) => Key);
}

/** All that a bucket must be. The tag is first: a bucket that has it is completed after an interruption. */
export function bucketRequirements(
  s3: S3Client,
  target: BucketTarget,
  region: string,
  tags: Tags,
): readonly Requirement<BucketFacts>[] {
  const tlsOnly: BucketPolicyStatement = { ...denyPlainHttp(`arn:${partitionOf(region)}:s3:::${target.Bucket}`) };
  return [
    {
      text: "tag it as the environments'",
      isMet: hasStateTag,
      fix: ({ tags }) => {
        const TagSet = [...tags.filter(({ Key }) => Key !== STATE_TAG.Key), STATE_TAG];
        return s3.send(new PutBucketTaggingCommand({ ...target, Tagging: { TagSet } }));
      },
    },
    ...tagRequirements<BucketFacts>(tags, tagNames, (facts, missing) => {
      // The requirement before may just have added the state's tag, which these facts need not show yet.
      const others = facts.tags.filter(({ Key }) => Key !== STATE_TAG.Key);
      const TagSet = [...others, STATE_TAG, ...tagList(missing)];
      return s3.send(new PutBucketTaggingCommand({ ...target, Tagging: { TagSet } }));
    }),
    {
      text: "block all public access",
      isMet: ({ isClosed }) => isClosed,
      fix: () => s3.send(new PutPublicAccessBlockCommand({ ...target, PublicAccessBlockConfiguration: ALL_BLOCKED })),
    },
    {
      text: "switch access control lists off",
      isMet: ({ ignoresLists }) => ignoresLists,
      fix: () => {
        const OwnershipControls = { Rules: [{ ObjectOwnership: "BucketOwnerEnforced" as const }] };
        return s3.send(new PutBucketOwnershipControlsCommand({ ...target, OwnershipControls }));
      },
    },
    {
      text: "keep old versions",
      isMet: ({ keepsVersions }) => keepsVersions,
      fix: () => s3.send(new PutBucketVersioningCommand({ ...target, VersioningConfiguration: { Status: "Enabled" } })),
    },
    {
      text: "encrypt with a KMS key and a bucket key",
      isMet: ({ encryption }) => isEncryptedByKms(encryption),
      fix: ({ encryption }) => {
        const current = encryption?.ApplyServerSideEncryptionByDefault;
        // A key of the owner's choice stays.
        const byKms = current?.SSEAlgorithm === "aws:kms" ? current : { SSEAlgorithm: "aws:kms" as const };
        const Rules = [{ ApplyServerSideEncryptionByDefault: byKms, BucketKeyEnabled: true }];
        return s3.send(new PutBucketEncryptionCommand({ ...target, ServerSideEncryptionConfiguration: { Rules } }));
      },
    },
    {
      text: "refuse requests without TLS",
      isMet: ({ policy }) => policy?.Statement.some((statement) => isSame(statement, tlsOnly, statementParts)) === true,
      fix: ({ policy }) => {
        const kept = policy?.Statement.filter(({ Sid }) => Sid !== tlsOnly.Sid) ?? [];
        const whole = { Version: "2012-10-17", ...policy, Statement: [...kept, tlsOnly] };
        return s3.send(new PutBucketPolicyCommand({ ...target, Policy: JSON.stringify(whole) }));
      },
    },
    {
      text: "remove versions that are 90 days old, but for the last 20",
      isMet: ({ lifecycle }) => lifecycle.some((rule) => isSame(rule, OLD_VERSIONS, ruleParts)),
      fix: ({ lifecycle }) => {
        const Rules = [...lifecycle.filter(({ ID }) => ID !== OLD_VERSIONS.ID), OLD_VERSIONS];
        return s3.send(new PutBucketLifecycleConfigurationCommand({ ...target, LifecycleConfiguration: { Rules } }));
      },
    },
  ];
}

/** The bucket key saves a call of KMS, and its price, for every object; the two-layer kind knows none. */
function isEncryptedByKms(rule: BucketSafety["encryption"]): boolean {
  const algorithm = rule?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm;
  return algorithm === "aws:kms:dsse" || (algorithm === "aws:kms" && rule?.BucketKeyEnabled === true);
}

/** Compares in the parts that matter: AWS adds others, and writes some in another way. */
function isSame<T>(found: T, wanted: T, parts: (value: T) => readonly unknown[]): boolean {
  return isDeepStrictEqual(parts(found), parts(wanted));
}

function statementParts({ Sid, Effect, Principal, Condition }: BucketPolicyStatement): readonly unknown[] {
  return [Sid, Effect, Principal, Condition];
}

function ruleParts(rule: LifecycleRule): readonly unknown[] {
  return [
    rule.ID,
    rule.Status,
    rule.NoncurrentVersionExpiration?.NoncurrentDays,
    rule.NoncurrentVersionExpiration?.NewerNoncurrentVersions,
    rule.Expiration?.ExpiredObjectDeleteMarker,
    rule.AbortIncompleteMultipartUpload?.DaysAfterInitiation,
  ];
}
