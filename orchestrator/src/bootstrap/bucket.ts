/** The state's bucket: what is there, and the calls that carry its plan out. Every call names the account it expects. */
import {
  BucketAlreadyOwnedByYou,
  CreateBucketCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  GetPublicAccessBlockCommand,
  HeadBucketCommand,
  ListObjectVersionsCommand,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketPolicyCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
  PutPublicAccessBlockCommand,
  S3ServiceException,
  type BucketLocationConstraint,
  type S3Client,
} from "@aws-sdk/client-s3";
import type { EnvironmentNames } from "@proliferate-infra/backend/environment/names";
import { parsePolicy } from "./bucket-policy.ts";
import type { BucketAbsence, BucketFacts, BucketRepair, BucketSafety, FoundBucket } from "./bucket-plan.ts";

const ALL_BLOCKED = {
  BlockPublicAcls: true,
  IgnorePublicAcls: true,
  BlockPublicPolicy: true,
  RestrictPublicBuckets: true,
} as const;

/** Returns other than the bucket; HeadBucket has no words. */
const WITHOUT_BUCKET = new Map<number, BucketAbsence["kind"]>([
  [404, "absent"],
  [403, "forbidden"],
  [301, "elsewhere"],
]);

interface Target {
  readonly Bucket: string;
  readonly ExpectedBucketOwner: string;
}

function targetOf({ account, state }: EnvironmentNames): Target {
  return { Bucket: state.bucket, ExpectedBucketOwner: account };
}

/** What there is under the bucket's name. */
export async function readBucket(s3: S3Client, names: EnvironmentNames): Promise<FoundBucket> {
  const target = targetOf(names);
  try {
    await s3.send(new HeadBucketCommand(target));
  } catch (error) {
    return absenceOf(error);
  }
  return readDetails(s3, target);
}

async function readDetails(s3: S3Client, target: Target): Promise<BucketFacts> {
  const [versions, tagging, ownership, safety, policy, lifecycle] = await Promise.all([
    s3.send(new ListObjectVersionsCommand({ ...target, MaxKeys: 1 })),
    orUndefined("NoSuchTagSet", s3.send(new GetBucketTaggingCommand(target))),
    orUndefined("OwnershipControlsNotFoundError", s3.send(new GetBucketOwnershipControlsCommand(target))),
    readSafety(s3, target),
    orUndefined("NoSuchBucketPolicy", s3.send(new GetBucketPolicyCommand(target))),
    orUndefined("NoSuchLifecycleConfiguration", s3.send(new GetBucketLifecycleConfigurationCommand(target))),
  ]);
  const { Versions: kept = [], DeleteMarkers: deleted = [] } = versions;
  return {
    isEmpty: kept.length === 0 && deleted.length === 0,
    tags: tagging?.TagSet ?? [],
    ignoresLists: ownership?.OwnershipControls?.Rules?.[0]?.ObjectOwnership === "BucketOwnerEnforced",
    ...safety,
    policy: policy?.Policy === undefined ? undefined : parsePolicy(policy.Policy),
    lifecycle: lifecycle?.Rules ?? [],
  };
}

/** What a role that only deploys may see of a bucket; `account` is its owner where that is known. */
export async function readBucketSafety(
  s3: S3Client,
  bucket: string,
  account: string | undefined,
): Promise<BucketSafety | BucketAbsence> {
  try {
    return await readSafety(s3, { Bucket: bucket, ExpectedBucketOwner: account });
  } catch (error) {
    return absenceOf(error);
  }
}

async function readSafety(
  s3: S3Client,
  target: { readonly Bucket: string; readonly ExpectedBucketOwner: string | undefined },
): Promise<BucketSafety> {
  const [access, versioning, encryption] = await Promise.all([
    orUndefined("NoSuchPublicAccessBlockConfiguration", s3.send(new GetPublicAccessBlockCommand(target))),
    s3.send(new GetBucketVersioningCommand(target)),
    orUndefined("ServerSideEncryptionConfigurationNotFoundError", s3.send(new GetBucketEncryptionCommand(target))),
  ]);
  const blocked = access?.PublicAccessBlockConfiguration;
  return {
    kind: "bucket",
    isClosed: [
      blocked?.BlockPublicAcls,
      blocked?.IgnorePublicAcls,
      blocked?.BlockPublicPolicy,
      blocked?.RestrictPublicBuckets,
    ].every((isOn) => isOn === true),
    keepsVersions: versioning.Status === "Enabled",
    encryption: encryption?.ServerSideEncryptionConfiguration?.Rules?.[0],
  };
}

/** What an answer says of a bucket that cannot be looked at. Throws the error when it says nothing of the bucket. */
function absenceOf(error: unknown): BucketAbsence {
  const status = error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
  const kind = status === undefined ? undefined : WITHOUT_BUCKET.get(status);
  if (kind === undefined) {
    throw error;
  }
  return { kind };
}

/** The answer, or undefined when S3 says by that error that nothing is configured. */
async function orUndefined<T>(errorName: string, answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof S3ServiceException && error.name === errorName) {
      return undefined;
    }
    throw error;
  }
}

/** Creates the bucket. One that another set-up has just created for the same account is as good. */
export async function createBucket(s3: S3Client, { state: { bucket, region } }: EnvironmentNames): Promise<void> {
  // us-east-1 is the one region that must not be named.
  const place = region === "us-east-1" ? undefined : { LocationConstraint: region as BucketLocationConstraint };
  try {
    await s3.send(
      new CreateBucketCommand({
        Bucket: bucket,
        CreateBucketConfiguration: place,
        ObjectOwnership: "BucketOwnerEnforced",
      }),
    );
  } catch (error) {
    if (!(error instanceof BucketAlreadyOwnedByYou)) {
      throw error;
    }
  }
}

/** Makes one change; the names are those that the plan was made for. */
export async function repairBucket(s3: S3Client, names: EnvironmentNames, fix: BucketRepair): Promise<void> {
  const target = targetOf(names);
  switch (fix.kind) {
    case "tag":
      await s3.send(new PutBucketTaggingCommand({ ...target, Tagging: { TagSet: fix.tags } }));
      return;
    case "public-access":
      await s3.send(new PutPublicAccessBlockCommand({ ...target, PublicAccessBlockConfiguration: ALL_BLOCKED }));
      return;
    case "ownership": {
      const OwnershipControls = { Rules: [{ ObjectOwnership: "BucketOwnerEnforced" as const }] };
      await s3.send(new PutBucketOwnershipControlsCommand({ ...target, OwnershipControls }));
      return;
    }
    case "versioning":
      await s3.send(new PutBucketVersioningCommand({ ...target, VersioningConfiguration: { Status: "Enabled" } }));
      return;
    case "encryption": {
      const ServerSideEncryptionConfiguration = { Rules: [fix.rule] };
      await s3.send(new PutBucketEncryptionCommand({ ...target, ServerSideEncryptionConfiguration }));
      return;
    }
    case "tls-only":
      await s3.send(new PutBucketPolicyCommand({ ...target, Policy: JSON.stringify(fix.policy) }));
      return;
    case "lifecycle": {
      const LifecycleConfiguration = { Rules: fix.rules };
      await s3.send(new PutBucketLifecycleConfigurationCommand({ ...target, LifecycleConfiguration }));
    }
  }
}
