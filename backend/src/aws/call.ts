/** Calls to AWS whose errors name the call. */

/** AWS refused a call or could not be reached. The message has the call, as IAM names its permission, and AWS's reason. */
export class AwsCallFailed extends Error {
  override readonly name = "AwsCallFailed";
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
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    throw new AwsCallFailed(`${permission}: ${reason}`, { cause: error });
  }
}
