/**
 * Runs the Pulumi CLI in a process group of its own. A terminal's Ctrl-C then reaches the rollout only, which forwards
 * exactly one SIGINT: at the second the CLI ends at once and may lose track of resources.
 */
import { execa } from "execa";
import type { Interruption } from "./signals.ts";

/** What a command printed, in the form that the Automation API takes. */
export interface CliResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;
}

/** A command that ended with another exit code than zero. */
export class CliFailure extends Error {
  override readonly name = "CliFailure";
  readonly stderr: string;

  constructor(stderr: string) {
    super(stderr);
    this.stderr = stderr;
  }
}

/** Where and how a command runs. */
export interface CliOptions {
  readonly cwd: string;
  /** Added to this process's environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly interruption?: Interruption;
  /** Told the process number. */
  readonly onStart?: (pid: number) => void;
}

/**
 * Runs `pulumi` without a terminal. Both requests of `interruption` are forwarded.
 *
 * @throws CliFailure with what it said on standard error; never with its output, which may hold secrets.
 */
export async function runPulumi(
  args: readonly string[],
  { cwd, env, interruption, onStart }: CliOptions,
): Promise<CliResult> {
  const command = execa("pulumi", withOption(args, "--non-interactive"), {
    cwd,
    env,
    stdin: "ignore",
    reject: false,
    maxBuffer: Infinity,
    detached: true,
    // A rollout that is told to end waits for the engine; it must not end it on its own way out.
    cleanup: false,
  });
  const forward = () => void command.kill("SIGINT");
  if (command.pid !== undefined) {
    onStart?.(command.pid);
  }
  const signals = [interruption?.requested, interruption?.forced];
  signals.forEach((signal) => signal?.addEventListener("abort", forward));
  if (interruption?.requested.aborted === true) {
    forward();
  }
  const { stdout, stderr, exitCode, originalMessage } = await command;
  signals.forEach((signal) => signal?.removeEventListener("abort", forward));
  if (exitCode !== 0) {
    throw new CliFailure(stderr === "" ? (originalMessage ?? `pulumi ended with ${exitCode}`) : stderr);
  }
  return { stdout, stderr, code: exitCode };
}

function withOption(args: readonly string[], option: string): string[] {
  return args.includes(option) ? [...args] : [...args, option];
}
