/** How long the AWS session in the environment's variables lasts. Pure. */

/** Least time that a session must last, in milliseconds. When it ends during a deployment, the state is not written. */
export const LEAST_SESSION_MS = 5 * 60_000;

/** End of a session; "unknown" when no variable has it. */
export type SessionEnd = Date | "unknown";

/**
 * When the session in the variables ends; undefined when there is none. Credentials of a profile, a role or a machine are renewed by
 * whoever uses them. Tools that export a session set AWS_CREDENTIAL_EXPIRATION, but GitHub's configure-aws-credentials does not.
 */
export function sessionEnd(env: NodeJS.ProcessEnv): SessionEnd | undefined {
  // The SDK takes empty variables as missing.
  const { AWS_PROFILE = "", AWS_ACCESS_KEY_ID = "", AWS_SESSION_TOKEN = "", AWS_CREDENTIAL_EXPIRATION = "" } = env;
  if (AWS_PROFILE !== "" || AWS_ACCESS_KEY_ID === "") {
    return undefined;
  }
  const end = new Date(AWS_CREDENTIAL_EXPIRATION);
  if (!Number.isNaN(end.getTime())) {
    return end;
  }
  return AWS_SESSION_TOKEN === "" ? undefined : "unknown";
}
