/** Every run of the Pulumi CLI starts here. */
import { execa, type Options } from "execa";
import { StepFailed } from "@proliferate-infra/backend/errors";

/** Where and how a command runs. */
export interface PulumiRun {
  /** Folder of a Pulumi project, where the command needs one. */
  readonly cwd: string;
  /** Complete environment. */
  readonly env: NodeJS.ProcessEnv;
  /** Standard input: the one way in for a secret. */
  readonly input?: string;
}

export interface CommandResult {
  /** Undefined when it was killed, or could not be started. */
  readonly exitCode?: number | undefined;
  readonly stdout: string;
  /** Standard error without the input, or why the command could not be started. */
  readonly stderr: string;
}

/** A program connects to the engine on this machine. With a lower-case https_proxy, gRPC would look for it behind the proxy. */
const DIRECT = { no_grpc_proxy: "127.0.0.1,localhost" };

/** Starts `pulumi` without questions. The result never rejects. */
export function startPulumi<Extra extends Options>(args: readonly string[], options: Extra) {
  const env = { ...options.env, ...DIRECT };
  return execa("pulumi", [...args, "--non-interactive"], { ...options, env, extendEnv: false, reject: false });
}

/** Runs `pulumi` to its end, whatever that is. */
export async function tryPulumi(args: readonly string[], { cwd, env, input = "" }: PulumiRun): Promise<CommandResult> {
  const { exitCode, stdout, stderr, originalMessage = "" } = await startPulumi(args, { cwd, env, input });
  const text = (exitCode === undefined ? originalMessage : stderr).trim();
  return { exitCode, stdout, stderr: input === "" ? text : text.replaceAll(input, "[secret]") };
}

/**
 * Runs `pulumi`. Returns what it printed.
 *
 * @throws StepFailed with its standard error when it fails.
 */
export async function runPulumi(args: readonly string[], run: PulumiRun): Promise<string> {
  const { exitCode, stdout, stderr } = await tryPulumi(args, run);
  if (exitCode !== 0) {
    throw new StepFailed(`"pulumi ${args.join(" ")}" failed in ${run.cwd}:`, { log: stderr.split("\n") });
  }
  return stdout;
}
