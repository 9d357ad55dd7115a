/** Bucket and key for Pulumi's state. Creates what is missing and mends what is open; nothing in it is local. */
import {
  CreateKeyCommand,
  CreateAliasCommand,
  DescribeKeyCommand,
  EnableKeyRotationCommand,
  NotFoundException,
  type KMSClient,
} from "@aws-sdk/client-kms";
import {
  CreateBucketCommand,
  GetBucketEncryptionCommand,
  GetBucketVersioningCommand,
  GetPublicAccessBlockCommand,
  HeadBucketCommand,
  NotFound,
  PutBucketEncryptionCommand,
  PutBucketVersioningCommand,
  PutPublicAccessBlockCommand,
  S3ServiceException,
  type BucketLocationConstraint,
  type PublicAccessBlockConfiguration,
  type S3Client,
} from "@aws-sdk/client-s3";
import type { StateClients } from "./emulated-clients.ts";
import { ensureLockTable } from "../state-backend/lock-table.ts";
import { ToolFault } from "../../../tools/lib/tool-fault.mjs";
import type { EnvironmentNames } from "../environment/environment-names.ts";

const ALL_BLOCKED: PublicAccessBlockConfiguration = {
  BlockPublicAcls: true,
  IgnorePublicAcls: true,
  BlockPublicPolicy: true,
  RestrictPublicBuckets: true,
};

/** Makes sure that bucket, lock table and key are there. Returns the key's id. */
export async function ensureStateBackend(
  { s3, kms, dynamoDb }: Pick<StateClients, "s3" | "kms" | "dynamoDb">,
  names: EnvironmentNames,
): Promise<string> {
  const [keyId] = await Promise.all([
    ensureStateKey(kms, names),
    ensureStateBucket(s3, names),
    ensureLockTable(dynamoDb, names.state.lockTable),
  ]);
  return keyId;
}

/** Makes sure that the state's bucket exists, versioned, encrypted and closed to the public. */
async function ensureStateBucket(s3: S3Client, { state: { bucket, region } }: EnvironmentNames): Promise<void> {
  const target = { Bucket: bucket };
  if (!(await bucketExists(s3, bucket))) {
    // us-east-1 is the one region that must not be named.
    const place = region === "us-east-1" ? undefined : { LocationConstraint: region as BucketLocationConstraint };
    await s3.send(new CreateBucketCommand({ ...target, CreateBucketConfiguration: place }));
  }
  await Promise.all([ensureVersioning(s3, target), ensureEncryption(s3, target), ensureNothingPublic(s3, target)]);
}

interface Target {
  readonly Bucket: string;
}

async function bucketExists(s3: S3Client, bucket: string): Promise<boolean> {
  try {
    await s3.send(new HeadBucketCommand({ Bucket: bucket }));
    return true;
  } catch (error) {
    if (error instanceof NotFound) {
      return false;
    }
    if (error instanceof S3ServiceException && error.$metadata.httpStatusCode === 403) {
      throw new ToolFault(`The bucket ${bucket} belongs to somebody else, or these credentials may not see it.`);
    }
    throw error;
  }
}

async function ensureVersioning(s3: S3Client, target: Target): Promise<void> {
  const { Status: status } = await s3.send(new GetBucketVersioningCommand(target));
  if (status !== "Enabled") {
    const enabled = { VersioningConfiguration: { Status: "Enabled" } } as const;
    await s3.send(new PutBucketVersioningCommand({ ...target, ...enabled }));
  }
}

/** Leaves another kind of encryption as it is. */
async function ensureEncryption(s3: S3Client, target: Target): Promise<void> {
  const current = await orUndefined("ServerSideEncryptionConfigurationNotFoundError", () =>
    s3.send(new GetBucketEncryptionCommand(target)),
  );
  if (current === undefined) {
    const rule = { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" } } as const;
    const encrypted = { ServerSideEncryptionConfiguration: { Rules: [rule] } };
    await s3.send(new PutBucketEncryptionCommand({ ...target, ...encrypted }));
  }
}

async function ensureNothingPublic(s3: S3Client, target: Target): Promise<void> {
  const found = await orUndefined("NoSuchPublicAccessBlockConfiguration", () =>
    s3.send(new GetPublicAccessBlockCommand(target)),
  );
  const current: PublicAccessBlockConfiguration = found?.PublicAccessBlockConfiguration ?? {};
  const isClosed = Object.keys(ALL_BLOCKED).every((key) => current[key as keyof typeof ALL_BLOCKED] === true);
  if (!isClosed) {
    await s3.send(new PutPublicAccessBlockCommand({ ...target, PublicAccessBlockConfiguration: ALL_BLOCKED }));
  }
}

/** The answer, or undefined when S3 says by that error that nothing is configured. */
async function orUndefined<T>(errorName: string, ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof S3ServiceException && error.name === errorName) {
      return undefined;
    }
    throw error;
  }
}

/**
 * Makes sure that the alias names a usable key, which is rotated once a year.
 *
 * @returns id of the key.
 * @throws ToolFault when the key is disabled or about to be deleted.
 */
async function ensureStateKey(kms: KMSClient, { keyAlias }: EnvironmentNames): Promise<string> {
  const found = await describeKey(kms, keyAlias);
  if (found !== undefined) {
    if (found.state !== "Enabled") {
      throw new ToolFault(`The key ${keyAlias}, which encrypts the stacks' secrets, is ${found.state}.`, {
        mend: `enable it, or cancel its deletion: aws kms describe-key --key-id ${keyAlias}`,
      });
    }
    return found.id;
  }
  const description = "Secrets in the state and the settings of Pulumi stacks";
  const { KeyMetadata: created } = await kms.send(new CreateKeyCommand({ Description: description }));
  const id = created?.KeyId ?? "";
  await kms.send(new EnableKeyRotationCommand({ KeyId: id }));
  await kms.send(new CreateAliasCommand({ AliasName: keyAlias, TargetKeyId: id }));
  return id;
}

async function describeKey(kms: KMSClient, alias: string): Promise<{ id: string; state: string } | undefined> {
  try {
    const { KeyMetadata: key } = await kms.send(new DescribeKeyCommand({ KeyId: alias }));
    return { id: key?.KeyId ?? "", state: key?.KeyState ?? "in an unknown state" };
  } catch (error) {
    if (error instanceof NotFoundException) {
      return undefined;
    }
    throw error;
  }
}
