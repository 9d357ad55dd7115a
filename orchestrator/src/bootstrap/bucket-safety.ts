/** What keeps a state safe in a bucket: what a role that only deploys may see of it. */
import {
  GetBucketEncryptionCommand,
  GetBucketVersioningCommand,
  GetPublicAccessBlockCommand,
  S3ServiceException,
  type S3Client,
  type ServerSideEncryptionRule,
} from "@aws-sdk/client-s3";
import type { Found } from "./state-resource.ts";

/** A bucket as far as it matters for the state's safety. */
export interface BucketSafety {
  /** All four public-access blocks are on. */
  readonly isClosed: boolean;
  readonly keepsVersions: boolean;
  readonly encryption: ServerSideEncryptionRule | undefined;
}

/** Parameters of every call to a bucket. The owner is undefined where it is not known. */
export interface BucketTarget {
  readonly Bucket: string;
  readonly ExpectedBucketOwner: string | undefined;
}

/** Asks for a bucket that may be missing, another account's or in another region than `region`. */
export async function findBucket<Facts extends object>(
  region: string,
  ask: () => Promise<Facts>,
): Promise<Found<Facts>> {
  try {
    return { status: "present", facts: await ask() };
  } catch (error) {
    // HeadBucket has no words, only a status.
    switch (error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined) {
      case 404:
        return { status: "absent" };
      case 403:
        return {
          status: "unusable",
          reasons: ["belongs to another account, or these credentials may not see it"],
        };
      case 301:
        return { status: "unusable", reasons: [`is not in ${region}`] };
      default:
        throw error;
    }
  }
}

/** Reads what keeps the state safe. */
export async function readBucketSafety(s3: S3Client, target: BucketTarget): Promise<BucketSafety> {
  const [access, versioning, encryption] = await Promise.all([
    orUndefined("NoSuchPublicAccessBlockConfiguration", s3.send(new GetPublicAccessBlockCommand(target))),
    s3.send(new GetBucketVersioningCommand(target)),
    orUndefined("ServerSideEncryptionConfigurationNotFoundError", s3.send(new GetBucketEncryptionCommand(target))),
  ]);
  const blocked = access?.PublicAccessBlockConfiguration;
  return {
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

/** The answer, or undefined when S3 says by that error that nothing is configured. */
export async function orUndefined<T>(errorName: string, answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof S3ServiceException && error.name === errorName) {
      return undefined;
    }
    throw error;
  }
}
