/** `rollout local`: the emulated AWS on this machine, and the stack `local` in it. */
import type { Command } from "commander";
import type { LocalAction } from "./actions.ts";

/** Adds the subcommands. Their code is loaded when one runs. */
export function localCommand(command: Command): Command {
  const add = (name: LocalAction, description: string) =>
    command
      .command(name)
      .description(description)
      .action(async () => (await import("./actions.ts")).runLocalAction(name));
  add("up", "start the emulator if it is down; set up state backend, stacks and settings where missing");
  add("env", "print the environment of the local stack as shell commands, for eval");
  add("status", "show whether the emulator runs; exit code 1 when it does not");
  add("stop", "stop the emulator; what is in it is lost");
  return command;
}
