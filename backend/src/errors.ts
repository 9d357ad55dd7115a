/** Errors that are for people, with the exit codes that they end a command with, and how to read any other error. */

/** Exit codes of the commands. */
export const ExitCode = {
  done: 0,
  layerFailed: 1,
  changesFound: 2,
  invalid: 3,
  locked: 4,
  interrupted: 5,
} as const;

/** An error whose message is for people: the command prints it without a stack trace. */
export class PrintedError extends Error {
  /** Exit code of the command that it ends. */
  readonly exitCode: number;

  constructor(message: string, exitCode: number) {
    super(message);
    this.name = new.target.name;
    this.exitCode = exitCode;
  }
}

/** Something that the person who started the command has to put right first; nothing was touched. */
export class UserError extends PrintedError {
  constructor(message: string) {
    super(message, ExitCode.invalid);
  }
}

/** The message of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Whether it is an error with one of these codes, such as `ENOENT`. */
export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && "code" in error && codes.includes(String(error.code));
}
