/**
 * Runs an engine in a process group of its own. A terminal's Ctrl-C then reaches the rollout only, which forwards
 * exactly one SIGINT: at the second the CLI ends at once and may lose track of resources.
 *
 * It writes to no pipe of ours: at the first word after a rollout's death it would end in the middle of what it creates.
 */
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Interruption } from "../terminal/signals.ts";
import { startPulumi, type PulumiRun } from "./command.ts";
import { endLeftovers } from "./leftovers.ts";

/** A command of the engine that failed; its message is what it printed on standard error, never its output, which may hold secrets. */
export class EngineCommandFailed extends Error {
  override readonly name = "EngineCommandFailed";
}

/** Where and how an engine runs. */
export interface EngineRun extends Omit<PulumiRun, "input"> {
  /** Both of its requests are forwarded. */
  readonly interruption?: Interruption;
  readonly onStart: (pid: number) => void;
}

/**
 * Runs the engine to its end.
 *
 * @throws EngineCommandFailed when it ends with another exit code than zero.
 */
export async function runEngine(args: readonly string[], run: EngineRun): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "pulumi-"));
  const file = join(folder, "stderr");
  const errors = openSync(file, "wx", 0o600);
  const { cwd, env, interruption, onStart } = run;
  // Any descriptor will do; execa's type lists a few numbers.
  const engine = startPulumi(args, { cwd, env, stdio: ["ignore", "ignore", errors as 3], detached: true });
  const forward = () => void engine.kill("SIGINT");
  if (engine.pid !== undefined) {
    onStart(engine.pid);
  }
  const signals = [interruption?.requested, interruption?.forced];
  signals.forEach((signal) => signal?.addEventListener("abort", forward));
  if (interruption?.requested.aborted === true) {
    forward();
  }
  const { failed, exitCode, originalMessage, signal: endedBy } = await engine;
  closeSync(errors);
  const stderr = readFileSync(file, "utf8").trimEnd();
  rmSync(folder, { recursive: true });
  signals.forEach((signal) => signal?.removeEventListener("abort", forward));
  if (exitCode === undefined && engine.pid !== undefined) {
    await endLeftovers(engine.pid);
  }
  if (failed) {
    throw new EngineCommandFailed(
      stderr === "" ? `pulumi ended with ${exitCode ?? endedBy ?? originalMessage}` : stderr,
    );
  }
}
