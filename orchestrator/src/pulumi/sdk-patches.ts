/**
 * The Automation API without the commands that it adds to an operation: all that is changed of its internals. It takes half a second to
 * load, so only a run that needs it does.
 */
import "@proliferate-infra/shared/program/sdk-patches";
import { LocalWorkspace, PulumiCommand, Stack } from "@pulumi/pulumi/automation/index.js";
import { parse } from "semver";
import type { Environment } from "@proliferate-infra/backend/environment/environment";
import { pulumiVersion } from "./version.ts";
import { runEngine, type EngineRun } from "./engine-process.ts";

/**
 * How much the memory of Go programs, which engine and providers are, may grow between two collections, in percent (Go's default is
 * 100). They end soon; three times the growth saves a seventh of their processor time (pnpm bench). A user's own value stays.
 */
const GOGC = process.env.GOGC ?? "300";

/** What the API's commands are run with. */
export interface CommandOptions extends Required<Pick<EngineRun, "interruption">> {
  /** Gets the process number and the folder of each command. */
  readonly onStart: (pid: number, cwd: string) => void;
}

/** The API's command, with our way to run the CLI. The API's own way to get it starts the CLI for its version. */
export async function automationCommand({ interruption, onStart }: CommandOptions): Promise<PulumiCommand> {
  const run = async (args: string[], cwd: string, variables: Record<string, string>) => {
    const env = { ...process.env, ...variables, PULUMI_AUTOMATION_API: "true" };
    await runEngine(args, {
      ...{ cwd, env, interruption },
      onStart: (pid) => {
        onStart(pid, cwd);
      },
    });
    // The events have everything that the output has.
    return { stdout: "", stderr: "", code: 0 };
  };
  const command = Object.create(PulumiCommand.prototype) as PulumiCommand;
  return Object.assign(command, { command: "pulumi", version: parse(await pulumiVersion()), run });
}

/**
 * A stack without the commands that the Automation API adds: it would select the stack in the user's workspace, and ask the
 * CLI twice for outputs and once for the history after each operation, which costs seconds. The events have it all.
 */
export async function openStack(
  workDir: string,
  { stack: stackName, pulumiVariables }: Environment,
  pulumiCommand: PulumiCommand,
): Promise<Stack> {
  const envVars = { GOGC, ...pulumiVariables };
  const workspace = await LocalWorkspace.create({ workDir, pulumiCommand, envVars });
  workspace.selectStack = () => Promise.resolve();
  workspace.stackOutputs = () => Promise.resolve({});
  const stack = await Stack.select(stackName, workspace);
  stack.info = () => Promise.resolve(undefined);
  return stack;
}
