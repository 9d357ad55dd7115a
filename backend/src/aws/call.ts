/** Calls to AWS whose errors name the call. */
import { UserError } from "../errors.ts";

/** AWS refused a call or could not be reached. The message has the call, as IAM names its permission, and AWS's reason. */
export class AwsCallFailed extends UserError {
  override readonly cause: unknown;

  constructor(permission: string, cause: unknown) {
    super(`${permission}: ${cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause)}`);
    this.cause = cause;
  }
}

/**
 * The answer of a call to AWS.
 *
 * @param permission IAM's name of the call, such as `ecs:ListTasks`.
 * @throws AwsCallFailed instead of the SDK's own errors.
 */
export async function callAws<T>(permission: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw new AwsCallFailed(permission, error);
  }
}
