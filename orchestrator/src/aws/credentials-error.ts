/** The error for people when AWS refuses the credentials in a place that does not expect it. */
import { credentialsFault, isOfCredentials } from "@proliferate-infra/backend/aws/credentials-fault";
import { PrintedError, UserError } from "@proliferate-infra/backend/errors";
import { faultText } from "@proliferate-infra/backend/fault";

/** `error` itself when it is for people; undefined for a defect. */
export async function printedError(error: unknown, env: NodeJS.ProcessEnv): Promise<PrintedError | undefined> {
  if (error instanceof PrintedError) {
    return error;
  }
  return isOfCredentials(error) ? new UserError(faultText(await credentialsFault(error, env))) : undefined;
}
