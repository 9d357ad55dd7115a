/** Whose AWS credentials are in use, and where: account and region of the credentials in use, and clients for them. */
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { KMSClient } from "@aws-sdk/client-kms";
import { S3Client } from "@aws-sdk/client-s3";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { UserError } from "@proliferate-infra/backend/errors";
import type { StateClients } from "./state-clients.ts";

/** The credentials' owner. */
export interface AwsIdentity {
  /** Twelve digits. */
  readonly account: string;
  /** ARN of user or role. */
  readonly arn: string;
}

/**
 * Region to work in: the first that is known of the option, the environment's file, the usual variables, and the user's
 * AWS settings.
 *
 * @throws UserError when none is known, or it has not the form of one.
 */
export async function findRegion(
  option: string | undefined,
  written: string | undefined,
  env: NodeJS.ProcessEnv,
): Promise<string> {
  const region = option ?? written ?? env.AWS_REGION ?? env.AWS_DEFAULT_REGION ?? (await configuredRegion());
  if (region === undefined) {
    throw new UserError("No AWS region is set. Add one, such as --region eu-west-1, or set AWS_REGION.");
  }
  if (!/^[a-z]{2}(-[a-z]+)+-\d$/.test(region)) {
    throw new UserError(`"${region}" is no AWS region; one looks like eu-west-1.`);
  }
  return region;
}

async function configuredRegion(): Promise<string | undefined> {
  const sts = new STSClient({});
  try {
    return await sts.config.region();
  } catch {
    // The SDK throws when there is none.
    return undefined;
  } finally {
    sts.destroy();
  }
}

/**
 * Whose credentials are in use.
 *
 * @throws UserError when there are none, or AWS does not accept them.
 */
export async function callerIdentity(region: string): Promise<AwsIdentity> {
  const sts = new STSClient({ region });
  try {
    const { Account: account = "", Arn: arn = "" } = await sts.send(new GetCallerIdentityCommand({}));
    return { account, arn };
  } catch (error) {
    if (error instanceof Error) {
      throw new UserError(
        [
          `There are no AWS credentials that can be used: ${error.message}`,
          "  aws sso login, or aws configure, gets some; AWS_PROFILE chooses among several;",
          "  without an AWS account: scripts/try-local.sh, or scripts/setup-pulumi.sh --stack NAME --file FOLDER for a state of your own.",
        ].join("\n"),
      );
    }
    throw error;
  } finally {
    sts.destroy();
  }
}

/** Clients for bucket, lock table and key, with the credentials in use. */
export function awsClients(region: string): StateClients {
  return { s3: new S3Client({ region }), dynamodb: new DynamoDBClient({ region }), kms: new KMSClient({ region }) };
}

/**
 * Runs `work`; what AWS refuses becomes a fault that a person can fix.
 *
 * @throws UserError instead of any error that AWS answered.
 */
export async function withAwsFaults<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Error && "$fault" in error) {
      throw new UserError(
        `AWS refused a call: ${error.name}: ${error.message}\nWhen that is fixed, run the same command again: it completes what is there.`,
      );
    }
    throw error;
  }
}
