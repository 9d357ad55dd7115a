/** Asks AWS whose credentials are in use. They are found as every AWS tool finds them. */
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import type { FoundCredentials } from "./credentials.ts";

/** A pre-flight that waits longer than this, in milliseconds, has its answer. */
const TIMEOUTS = { connectionTimeout: 3000, requestTimeout: 5000 };

/** What AWS says; `region` is the one to ask in, the user's own when undefined. */
export async function readCredentials(region: string | undefined, env: NodeJS.ProcessEnv): Promise<FoundCredentials> {
  const place = region === undefined ? {} : { region };
  const sts = new STSClient({ ...place, maxAttempts: 2, requestHandler: TIMEOUTS });
  try {
    const { expiration } = await sts.config.credentials();
    const { Account: account = "", Arn: arn = "" } = await sts.send(new GetCallerIdentityCommand({}));
    // Those of a profile, a role or a machine are renewed by whoever uses them; those of variables are not.
    const expiresAt = env.AWS_ACCESS_KEY_ID === undefined ? undefined : expiration;
    return { kind: "accepted", account, arn, expiresAt };
  } catch (error) {
    if (error instanceof Error) {
      return { kind: "refused", name: error.name, message: error.message };
    }
    throw error;
  } finally {
    sts.destroy();
  }
}
