/** Objects below a prefix of a bucket, with S3's conditional writes: `If-Match` and `If-None-Match` on PutObject. */
import {
  NoSuchBucket,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  NoSuchKey,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from "@aws-sdk/client-s3";
import { awsClient } from "../aws/client.ts";
import type { S3State } from "../environment/state-url.ts";
import { credentialsFault, isOfCredentials } from "../aws/credentials-fault.ts";
import { UserError } from "../errors.ts";
import { faultText } from "../fault.ts";
import type { ObjectStore } from "./object-store.ts";

/** HTTP status when a condition fails, or when two writers write at the same time. */
const CONFLICT_STATUSES = [412, 409];

/** The store of a state in S3. Without a client, endpoint and credentials come from the environment, as for every AWS tool. */
export function s3ObjectStore(
  { bucket: Bucket, prefix, region }: S3State,
  s3: S3Client = awsClient(S3Client, { region }),
): ObjectStore {
  return {
    get: async (key) => {
      try {
        const { Body, ETag } = await s3.send(new GetObjectCommand({ Bucket, Key: `${prefix}/${key}` }));
        return { text: (await Body?.transformToString()) ?? "", version: ETag ?? "" };
      } catch (error) {
        if (error instanceof NoSuchKey) {
          return undefined;
        }
        throw await explained(error, Bucket);
      }
    },
    putIf: async (key, text, version) => {
      const condition = version === undefined ? { IfNoneMatch: "*" } : { IfMatch: version };
      const target = { Bucket, Key: `${prefix}/${key}`, Body: text, ...condition };
      try {
        const { ETag } = await s3.send(new PutObjectCommand(target));
        return ETag ?? "";
      } catch (error) {
        if (error instanceof S3ServiceException && CONFLICT_STATUSES.includes(error.$metadata.httpStatusCode ?? 0)) {
          return undefined;
        }
        throw error;
      }
    },
    remove: async (key) => {
      await s3.send(new DeleteObjectCommand({ Bucket, Key: `${prefix}/${key}` }));
    },
    list: async (keyPrefix, after) => {
      const keys: string[] = [];
      const start = after === undefined ? {} : { StartAfter: `${prefix}/${after}` };
      let token: string | undefined;
      do {
        const page: string | undefined = token;
        const answer = await s3.send(
          new ListObjectsV2Command({ Bucket, Prefix: `${prefix}/${keyPrefix}`, ContinuationToken: page, ...start }),
        );
        keys.push(...(answer.Contents ?? []).map(({ Key = "" }) => Key.slice(prefix.length + 1)));
        token = answer.NextContinuationToken;
      } while (token !== undefined);
      return keys;
    },
    close: () => {
      s3.destroy();
    },
  };
}

/** Turns missing or expired credentials and a missing bucket into user errors. */
async function explained(error: unknown, bucket: string): Promise<unknown> {
  if (error instanceof NoSuchBucket) {
    return new UserError(`The state bucket ${bucket} does not exist. scripts/setup-pulumi.sh creates it.`);
  }
  return isOfCredentials(error) ? new UserError(faultText(await credentialsFault(error, process.env))) : error;
}
