/** `rollout local`: the emulated AWS on this machine, and the stack `local` in it. */
import { Command } from "commander";
import type { LocalAction } from "./actions.ts";

/** The command with its subcommands. Their code is loaded when one runs. A fault gives exit code 1. */
export function localCommand(): Command {
  const command = new Command("local").description("the emulated AWS on this machine and the stack local in it");
  const add = (name: LocalAction, description: string) =>
    command
      .command(name)
      .description(description)
      .action(async () => (await import("./actions.ts")).runLocalAction(name));
  add("up", "start the emulator if it is down; set up state backend, stacks and settings where missing");
  add("env", "print the environment of the local stack as shell commands, for eval");
  add("status", "tell whether the emulator runs; exit code 1 when it does not");
  add("stop", "stop the emulator; what is in it is lost");
  return command;
}
