/** Errors that are for people, and how to read any other one. */

/**
 * Something that the person who started the command can put right; the message says what, and how. Ends with exit code 3
 * unless a subclass says otherwise.
 */
export class UserError extends Error {
  override readonly name: string = "UserError";
  /** Exit code of the command, as in the README. */
  readonly exitCode: number = 3;
}

/** The message of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Whether it is an error with one of these codes, such as `ENOENT`. */
export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && "code" in error && codes.includes(String(error.code));
}
