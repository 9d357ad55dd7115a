/**
 * What the state's bucket must be, and what to do about the one that was found. Pure.
 *
 * Ours is a bucket that carries our tag, or that is still empty: what an interrupted set-up left. It is completed. Any
 * other one is adopted only if it already keeps versions and is closed to the public: turning that on could break
 * whoever else uses it, and would hide that its content had been open until now.
 *
 * It is encrypted with the account's key for S3, not with an environment's: several environments share the bucket, and
 * the end of one's key must not take another's state with it. Secrets in the state are encrypted once more, with the
 * environment's own key.
 */
import { isDeepStrictEqual } from "node:util";
import type { LifecycleRule, ServerSideEncryptionRule, Tag } from "@aws-sdk/client-s3";
import type { EnvironmentNames } from "@proliferate-infra/backend/environment/names";
import { allowsEveryone, denyPlainHttp, type PolicyDocument, type PolicyStatement } from "./bucket-policy.ts";
import { adoptUnless, type Plan } from "./plan.ts";

/** What keeps a state safe in a bucket. */
export interface BucketSafety {
  readonly kind: "bucket";
  /** All four public-access blocks are on. */
  readonly isClosed: boolean;
  readonly keepsVersions: boolean;
  readonly encryption: ServerSideEncryptionRule | undefined;
}

/** A bucket as it was found, as far as it matters. */
export interface BucketFacts extends BucketSafety {
  /** Neither objects nor versions of any. */
  readonly isEmpty: boolean;
  readonly tags: readonly Tag[];
  /** Access is by policies alone: access control lists count for nothing. */
  readonly ignoresLists: boolean;
  readonly policy: PolicyDocument | undefined;
  readonly lifecycle: readonly LifecycleRule[];
}

/** `forbidden`: it belongs to another account, or these credentials may not see it. `elsewhere`: in another region. */
export interface BucketAbsence {
  readonly kind: "absent" | "forbidden" | "elsewhere";
}

/** What there is under the bucket's name. */
export type FoundBucket = BucketFacts | BucketAbsence;

/** A safe change of a bucket, with everything that its call needs. */
export type BucketRepair =
  | { readonly kind: "tag"; readonly tags: Tag[] }
  | { readonly kind: "public-access" }
  | { readonly kind: "ownership" }
  | { readonly kind: "versioning" }
  | { readonly kind: "encryption"; readonly rule: ServerSideEncryptionRule }
  | { readonly kind: "tls-only"; readonly policy: PolicyDocument }
  | { readonly kind: "lifecycle"; readonly rules: LifecycleRule[] };

/** Says that a bucket was made, or adopted, for the state of environments. */
export const STATE_TAG: Tag = { Key: "proliferate:environment-state", Value: "true" };

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

/** A bucket right after its creation, by the oldest rules: newer ones encrypt and block by themselves. */
const NEW_BUCKET: BucketFacts = {
  kind: "bucket",
  isEmpty: true,
  tags: [],
  isClosed: false,
  ignoresLists: true,
  keepsVersions: false,
  encryption: undefined,
  policy: undefined,
  lifecycle: [],
};

/** What to do about the state's bucket. */
export function planBucket(found: FoundBucket, { state }: EnvironmentNames): Plan<BucketRepair> {
  switch (found.kind) {
    case "absent":
      return { action: "create", repairs: repairsOf(NEW_BUCKET, state) };
    case "forbidden":
      return { action: "refuse", differences: ["belongs to another account, or these credentials may not see it"] };
    case "elsewhere":
      return { action: "refuse", differences: [`is not in ${state.region}`] };
    case "bucket":
      return adoptUnless(differencesOf(found), repairsOf(found, state));
  }
}

function differencesOf(found: BucketFacts): string[] {
  const isOurs = found.isEmpty || hasTag(found);
  const differences = [
    found.policy?.Statement.some(allowsEveryone) === true
      ? ["has a policy that allows everybody something; remove that statement"]
      : [],
    isOurs || found.keepsVersions ? [] : ["has content and does not keep versions"],
    isOurs || found.isClosed ? [] : ["has content and does not block all public access"],
  ];
  return differences.flat();
}

function repairsOf(found: BucketFacts, { bucket, region }: EnvironmentNames["state"]): readonly BucketRepair[] {
  const repairs: (BucketRepair | undefined)[] = [
    hasTag(found) ? undefined : { kind: "tag", tags: [...found.tags.filter(isOther), STATE_TAG] },
    found.isClosed ? undefined : { kind: "public-access" },
    found.ignoresLists ? undefined : { kind: "ownership" },
    found.keepsVersions ? undefined : { kind: "versioning" },
    encryptionRepair(found.encryption),
    policyRepair(found.policy, denyPlainHttp(bucket, region)),
    lifecycleRepair(found.lifecycle),
  ];
  return repairs.filter((fix) => fix !== undefined);
}

function hasTag({ tags }: BucketFacts): boolean {
  return tags.some((tag) => !isOther(tag) && tag.Value === STATE_TAG.Value);
}

function isOther({ Key }: Tag): boolean {
  return Key !== STATE_TAG.Key;
}

/** A key of the owner's choice stays. The bucket key saves a call of KMS, and its price, for every object. */
function encryptionRepair(found: ServerSideEncryptionRule | undefined): BucketRepair | undefined {
  const current = found?.ApplyServerSideEncryptionByDefault;
  // The two-layer kind knows no bucket key.
  if (current?.SSEAlgorithm === "aws:kms:dsse" || (current?.SSEAlgorithm === "aws:kms" && found?.BucketKeyEnabled)) {
    return undefined;
  }
  const byKms = { SSEAlgorithm: "aws:kms" } as const;
  const wanted = current?.SSEAlgorithm === "aws:kms" ? current : byKms;
  return { kind: "encryption", rule: { ApplyServerSideEncryptionByDefault: wanted, BucketKeyEnabled: true } };
}

function policyRepair(found: PolicyDocument | undefined, wanted: PolicyStatement): BucketRepair | undefined {
  const statements = found?.Statement ?? [];
  const essence = ({ Sid, Effect, Principal, Condition }: PolicyStatement) => [Sid, Effect, Principal, Condition];
  if (statements.some((statement) => isDeepStrictEqual(essence(statement), essence(wanted)))) {
    return undefined;
  }
  const kept = statements.filter(({ Sid }) => Sid !== wanted.Sid);
  return { kind: "tls-only", policy: { Version: "2012-10-17", ...found, Statement: [...kept, wanted] } };
}

function lifecycleRepair(found: readonly LifecycleRule[]): BucketRepair | undefined {
  const essence = (rule: LifecycleRule) => [
    rule.ID,
    rule.Status,
    rule.NoncurrentVersionExpiration?.NoncurrentDays,
    rule.NoncurrentVersionExpiration?.NewerNoncurrentVersions,
    rule.Expiration?.ExpiredObjectDeleteMarker,
    rule.AbortIncompleteMultipartUpload?.DaysAfterInitiation,
  ];
  if (found.some((rule) => isDeepStrictEqual(essence(rule), essence(OLD_VERSIONS)))) {
    return undefined;
  }
  return { kind: "lifecycle", rules: [...found.filter(({ ID }) => ID !== OLD_VERSIONS.ID), OLD_VERSIONS] };
}
