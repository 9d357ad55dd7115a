/** Region for commands that work on the account itself. Import it when it is needed, because it loads the SDK. */
import { STSClient } from "@aws-sdk/client-sts";
import { awsClient } from "@proliferate-infra/backend/aws/client";
import { UserError } from "@proliferate-infra/backend/errors";
import { withAdvice, type AdvicePlace } from "./advice/advice.ts";

/**
 * Region to work in: that of the option, the environment's file, AWS's variables, or the user's AWS profile. The first of them
 * that is set counts.
 *
 * @throws UserError when none is set, or it is not a region's name.
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
  const sts = awsClient(STSClient, {});
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
 * Runs `work`, and turns the errors of AWS into user errors with advice.
 *
 * @throws UserError instead of an error of AWS.
 */
export async function withAwsFaults<T>(place: AdvicePlace, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Error && "$fault" in error) {
      throw new UserError(
        `AWS refused a call: ${withAdvice(`${error.name}: ${error.message}`, place)}\nWhen that is fixed, run the same command again: it completes what is there.`,
      );
    }
    throw error;
  }
}
