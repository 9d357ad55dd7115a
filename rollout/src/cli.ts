#!/usr/bin/env node
/** The command line: what there is. Each command's code is loaded when it runs, so that --help answers at once. */
import { Command, type CommanderError } from "commander";
import type { DestroyOptions } from "./destroy-command.ts";
import { EngineFailure } from "./layer-engine.ts";
import { ExitCode, InvalidRequest } from "./layer-results.ts";
import { localCommand } from "./local/local-command.ts";
import type { CommonOptions } from "./rollout-command.ts";
import type { LoginOptions } from "./setup/login-command.ts";
import type { SetupOptions } from "./setup/setup-command.ts";
import { describeError, ToolFault } from "../../tools/lib/tool-fault.mjs";

/** A wrong command line ends like any other invalid request; --help is none. */
function endInvalid({ exitCode }: CommanderError): never {
  process.exit(exitCode === 0 ? ExitCode.done : ExitCode.invalid);
}

/** A command on one environment. */
function environmentCommand(name: string, description: string): Command {
  return new Command(name)
    .exitOverride(endInvalid)
    .description(description)
    .requiredOption("--stack <name>", "stack name in all layers, such as prod");
}

/** A command on its layers, with the options that all of them have. */
function stackCommand(name: string, description: string): Command {
  return environmentCommand(name, description)
    .option("--only <layers>", "these layers, separated by commas")
    .option("--from <layer>", "this layer and those after it")
    .option("--json", "one JSON document on standard output");
}

const program = new Command("rollout")
  .exitOverride(endInvalid)
  .description("Deploys the layers network, data, secrets and services in order.");

program.addCommand(
  stackCommand("up", "deploy the layers in order; stop at the first failure")
    .option("--yes", "do not ask")
    .action(async (options: CommonOptions) => finish((await import("./up-command.ts")).up(options))),
);
program.addCommand(
  stackCommand("destroy", "delete the layers in reverse order")
    .option("--yes", "do not ask; needs --confirm")
    .option("--confirm <name>", "the stack's name once more")
    .action(async (options: DestroyOptions) => finish((await import("./destroy-command.ts")).destroy(options))),
);
program.addCommand(
  stackCommand("outputs", "print what the layers export, without secrets").action(async (options: CommonOptions) =>
    finish((await import("./outputs-command.ts")).outputs(options)),
  ),
);

program.addCommand(
  environmentCommand("setup", "make state bucket, lock table, key and stacks of an environment; safe to repeat")
    .option("--region <region>", "AWS region of state and environment")
    .option("--file <folder>", "keep the state in a folder of this machine, without AWS")
    .option("--yes", "do not ask")
    .option("--json", "one JSON document on standard output")
    .option("--print-iam", "only print IAM policies of a preview and a deploy role")
    .action(async (options: SetupOptions) => finish((await import("./setup/setup-command.ts")).setup(options))),
);
program.addCommand(
  environmentCommand("login", "log plain pulumi in to the state of an environment")
    .option("--url <url>", "the state URL, where the environment has no file")
    .action(async (options: LoginOptions) => finish((await import("./setup/login-command.ts")).login(options))),
);

program.addCommand(localCommand());

async function finish(command: Promise<number>): Promise<void> {
  process.exitCode = await command;
}

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof InvalidRequest || error instanceof EngineFailure || error instanceof ToolFault)) {
    throw error;
  }
  process.stderr.write(`${error instanceof ToolFault ? describeError(error) : error.message}\n`);
  process.exitCode = error instanceof InvalidRequest ? ExitCode.invalid : ExitCode.layerFailed;
}
