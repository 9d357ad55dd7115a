/** `rollout local`: the emulated AWS on this machine, and the stack `local` in it. */
import { Command } from "commander";
import { describeError, ToolFault } from "../../../tools/lib/tool-fault.mjs";
import { endpointOf } from "./emulator.ts";
import type { Emulator } from "./environment-file.ts";
import { bringDown, bringUp, currentEmulator, WHAT_IS_LOST, type LocalContext } from "./local-environment.ts";
import { checkoutRoot, localFolder } from "./local-folder.ts";
import { localVariables } from "./local-variables.ts";
import { shellExports } from "./shell-exports.ts";

/** The command with its subcommands. A fault is told on stderr and gives exit code 1. */
export function localCommand(): Command {
  const command = new Command("local").description("the emulated AWS on this machine and the stack local in it");
  command
    .command("up")
    .description("start the emulator if it is down; set up state backend, stacks and settings where missing")
    .action(guarded(up));
  command
    .command("env")
    .description("print the environment of the local stack as shell commands, for eval")
    .action(guarded(printVariables));
  command
    .command("status")
    .description("tell whether the emulator runs; exit code 1 when it does not")
    .action(guarded(printStatus));
  command.command("stop").description(`stop the emulator; its memory is lost: ${WHAT_IS_LOST}`).action(guarded(stop));
  return command;
}

type Action = (context: LocalContext) => void | Promise<void>;

function guarded(action: Action): () => Promise<void> {
  return async () => {
    try {
      const folder = localFolder(checkoutRoot, process.env);
      await action({ checkout: checkoutRoot, folder, env: process.env, say });
    } catch (error) {
      if (!(error instanceof ToolFault)) {
        throw error;
      }
      say(describeError(error));
      process.exitCode = 1;
    }
  };
}

/** Progress goes to stderr: stdout is for what was asked for. */
function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

async function up(context: LocalContext): Promise<void> {
  const emulator = await bringUp(context);
  say(`Local environment: ready at ${endpointOf(emulator)}.`);
}

function printVariables({ folder, env }: LocalContext): void {
  const { port } = runningOrFault(folder);
  const { set, unset } = localVariables(endpointOf({ port }), folder, env);
  process.stdout.write(shellExports({ set: { PATH: env.PATH ?? "", ...set }, unset }));
}

function runningOrFault(folder: LocalContext["folder"]): Emulator {
  const emulator = currentEmulator(folder);
  if (emulator === undefined) {
    throw new ToolFault("The local environment is down.", { mend: "rollout local up" });
  }
  return emulator;
}

function printStatus({ folder }: LocalContext): void {
  const { pid, port, startedAt } = runningOrFault(folder);
  const lines = [`running at ${endpointOf({ port })} since ${startedAt}, process ${pid}`, `log: ${folder.log}`];
  process.stdout.write(`${lines.join("\n")}\n`);
}

async function stop(context: LocalContext): Promise<void> {
  const stopped = await bringDown(context);
  if (stopped === undefined) {
    say("The emulated AWS was not running.");
  } else {
    say(`The emulated AWS (process ${stopped.pid}) is stopped. Gone with its memory: ${WHAT_IS_LOST}.`);
  }
}
