/** Reads whose AWS credentials are in use; the SDK finds them as every AWS tool does. Import it when it is needed, because it loads the SDK. */
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { awsClient } from "@proliferate-infra/backend/aws/client";
import { credentialsFault } from "@proliferate-infra/backend/aws/credentials-fault";
import { UserError } from "@proliferate-infra/backend/errors";
import type { Fault } from "@proliferate-infra/backend/fault";

export interface AcceptedCredentials {
  readonly kind: "accepted";
  /** Twelve digits. */
  readonly account: string;
  /** ARN of user or role. */
  readonly arn: string;
}

/** AWS's answer to the credentials in use. */
export type FoundCredentials =
  | AcceptedCredentials
  | {
      /** Also when there are none, or AWS could not be reached. */
      readonly kind: "refused";
      readonly fault: Fault;
    };

/** In milliseconds. A person waits for the answer; the SDK's own limits are longer. */
const TIMEOUTS = { connectionTimeout: 3000, requestTimeout: 5000 };

/** Reads the credentials in use in `region`; undefined: the region that AWS_REGION or the profile names. */
export async function readCredentials(region: string | undefined, env: NodeJS.ProcessEnv): Promise<FoundCredentials> {
  const sts = awsClient(STSClient, { region, maxAttempts: 2, timeouts: TIMEOUTS });
  try {
    const { Account: account = "", Arn: arn = "" } = await sts.send(new GetCallerIdentityCommand({}));
    return { kind: "accepted", account, arn };
  } catch (error) {
    if (error instanceof Error) {
      return { kind: "refused", fault: await credentialsFault(error, env) };
    }
    throw error;
  } finally {
    sts.destroy();
  }
}

/**
 * The credentials in use.
 *
 * @throws UserError when there are none, or AWS does not accept them.
 */
export async function requireCredentials(region: string): Promise<AcceptedCredentials> {
  const found = await readCredentials(region, process.env);
  if (found.kind === "refused") {
    throw new UserError(
      [
        found.fault.message,
        `  ${found.fault.fix}`,
        "  Without an AWS account: scripts/try-local.sh, or scripts/setup-pulumi.sh --stack NAME --file FOLDER for a state in a folder.",
      ].join("\n"),
    );
  }
  return found;
}
