/** One run of the `pulumi` command. */
import { execa, ExecaError } from "execa";
import { StepFailed } from "@proliferate-infra/backend/errors";

/** Where and how it runs. */
export interface PulumiRun {
  /** Folder of a Pulumi project, where the command needs one. */
  readonly cwd: string;
  /** Complete environment. */
  readonly env: NodeJS.ProcessEnv;
  /** Standard input: the one way in for a secret. */
  readonly input?: string;
}

/**
 * Runs `pulumi` without questions. Returns what it printed.
 *
 * @throws StepFailed with its last words when it fails.
 */
export async function runPulumi(args: readonly string[], { cwd, env, input = "" }: PulumiRun): Promise<string> {
  try {
    const { stdout } = await execa("pulumi", [...args, "--non-interactive"], { cwd, env, extendEnv: false, input });
    return stdout;
  } catch (error) {
    if (error instanceof ExecaError) {
      const { exitCode, stderr, originalMessage } = error;
      const log = String(exitCode === undefined ? originalMessage : stderr)
        .trim()
        .split("\n");
      throw new StepFailed(`"pulumi ${args.join(" ")}" failed in ${cwd}:`, { log });
    }
    throw error;
  }
}
