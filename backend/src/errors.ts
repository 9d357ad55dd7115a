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

/** A step that the machine or another program could not do, such as a program that is missing. */
export class StepFailed extends PrintedError {
  /** `log`: last lines of what failed; `fix`: what to do about it. */
  constructor(message: string, { log = [], fix }: { readonly log?: readonly string[]; readonly fix?: string } = {}) {
    const lines = [
      message,
      ...log.map((line) => `    | ${line}`),
      ...(fix === undefined ? [] : [`  to fix it: ${fix}`]),
    ];
    super(lines.join("\n"), ExitCode.layerFailed);
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
