/**
 * Runs the Pulumi CLI in a process group of its own. A terminal's Ctrl-C then reaches the rollout only, which forwards
 * exactly one SIGINT: at the second the CLI ends at once and may lose track of resources.
 *
 * It writes to no pipe of ours: at the first word after a rollout's death it would end in the middle of what it creates.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { endLeftovers } from "./leftovers.ts";
import type { Interruption } from "../terminal/signals.ts";

/** What a command printed, in the form that the Automation API takes; its events say what its output would. */
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
  const folder = mkdtempSync(join(tmpdir(), "pulumi-"));
  const file = join(folder, "stderr");
  const errors = openSync(file, "wx", 0o600);
  const command = spawn("pulumi", withOption(args, "--non-interactive"), {
    cwd,
    env: { ...process.env, ...env },
    stdio: ["ignore", "ignore", errors],
    detached: true,
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
  const end = await endOf(command);
  closeSync(errors);
  const stderr = readFileSync(file, "utf8").trimEnd();
  rmSync(folder, { recursive: true });
  signals.forEach((signal) => signal?.removeEventListener("abort", forward));
  if (typeof end !== "number" && command.pid !== undefined) {
    await endLeftovers(command.pid);
  }
  if (end !== 0) {
    throw new CliFailure(stderr === "" ? `pulumi ended with ${end}` : stderr);
  }
  return { stdout: "", stderr, code: end };
}

/** Exit code of a command, or what has ended it. */
async function endOf(command: ChildProcess): Promise<number | string> {
  try {
    const [code, signal] = (await once(command, "close")) as [number | null, NodeJS.Signals | null];
    return code ?? String(signal);
  } catch (error) {
    // It was never started.
    return String(error);
  }
}

function withOption(args: readonly string[], option: string): string[] {
  return args.includes(option) ? [...args] : [...args, option];
}
