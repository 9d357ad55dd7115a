/**
 * The state's bucket. Every call names the account that it expects to own the bucket.
 *
 * Ours is a bucket that carries our tag, or that is still empty: what an interrupted set-up left. It is completed. Any
 * other one is adopted only if it already keeps versions and is closed to the public: turning that on could break
 * whoever else uses it, and would hide that its content had been open until now.
 */
import {
  BucketAlreadyOwnedByYou,
  CreateBucketCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetBucketTaggingCommand,
  HeadBucketCommand,
  ListObjectVersionsCommand,
  type BucketLocationConstraint,
  type S3Client,
} from "@aws-sdk/client-s3";
import type { EnvironmentNames } from "@proliferate-infra/backend/environment/names";
import { allowsEveryone, parsePolicy } from "./bucket-policy.ts";
import { bucketRequirements, hasStateTag, type BucketFacts } from "./bucket-requirements.ts";
import { orUndefined, findBucket, readBucketSafety, type BucketTarget } from "./bucket-safety.ts";
import type { Tags } from "@proliferate-infra/shared/values/tags";
import type { StateResource } from "./state-resource.ts";
import { hasAny, tagList } from "./state-tags.ts";

/** The state's bucket of the environment with these names. */
export function stateBucket(
  s3: S3Client,
  { account, state }: EnvironmentNames,
  tags: Tags = {},
): StateResource<BucketFacts> {
  const { bucket, region } = state;
  const target = { Bucket: bucket, ExpectedBucketOwner: account };
  return {
    what: "state bucket",
    name: bucket,
    read: async () => {
      const found = await findBucket(region, () => s3.send(new HeadBucketCommand(target)));
      return found.status === "present" ? { status: "present", facts: await readFacts(s3, target) } : found;
    },
    refusals,
    requirements: bucketRequirements(s3, target, region, tags),
    create: () => createBucket(s3, bucket, region, tags),
  };
}

function refusals(found: BucketFacts): readonly string[] {
  const isOurs = found.isEmpty || hasStateTag(found);
  return [
    found.policy?.Statement.some(allowsEveryone) === true
      ? ["has a policy that allows everybody something; remove that statement"]
      : [],
    isOurs || found.keepsVersions ? [] : ["has content and does not keep versions"],
    isOurs || found.isClosed ? [] : ["has content and does not block all public access"],
  ].flat();
}

async function readFacts(s3: S3Client, target: BucketTarget): Promise<BucketFacts> {
  const [safety, versions, tagging, ownership, policy, lifecycle] = await Promise.all([
    readBucketSafety(s3, target),
    s3.send(new ListObjectVersionsCommand({ ...target, MaxKeys: 1 })),
    orUndefined("NoSuchTagSet", s3.send(new GetBucketTaggingCommand(target))),
    orUndefined("OwnershipControlsNotFoundError", s3.send(new GetBucketOwnershipControlsCommand(target))),
    orUndefined("NoSuchBucketPolicy", s3.send(new GetBucketPolicyCommand(target))),
    orUndefined("NoSuchLifecycleConfiguration", s3.send(new GetBucketLifecycleConfigurationCommand(target))),
  ]);
  return {
    ...safety,
    isEmpty: [versions.Versions, versions.DeleteMarkers].every((kept = []) => kept.length === 0),
    tags: tagging?.TagSet ?? [],
    ignoresLists: ownership?.OwnershipControls?.Rules?.[0]?.ObjectOwnership === "BucketOwnerEnforced",
    policy: policy?.Policy === undefined ? undefined : parsePolicy(policy.Policy),
    lifecycle: lifecycle?.Rules ?? [],
  };
}

async function createBucket(s3: S3Client, bucket: string, region: string, tags: Tags): Promise<void> {
  // us-east-1 is the one region that must not be named.
  const place = region === "us-east-1" ? {} : { LocationConstraint: region as BucketLocationConstraint };
  const configuration = { ...place, ...(hasAny(tags) && { Tags: tagList(tags) }) };
  try {
    await s3.send(
      new CreateBucketCommand({
        Bucket: bucket,
        CreateBucketConfiguration: Object.keys(configuration).length === 0 ? undefined : configuration,
        ObjectOwnership: "BucketOwnerEnforced",
      }),
    );
  } catch (error) {
    if (!(error instanceof BucketAlreadyOwnedByYou)) {
      throw error;
    }
  }
}
