/** Commands with the options that several of them have. Each option stands here once. */
import { Command, Option, type CommanderError } from "commander";
import { ExitCode, UserError } from "@proliferate-infra/backend/errors";
import { STACK_VARIABLE } from "../options.ts";
import { say } from "../terminal/say.ts";
import { parseDuration } from "./duration.ts";

/** A wrong command line ends like any other invalid request; --help does not. */
export function endInvalid({ exitCode }: CommanderError): never {
  process.exit(exitCode === 0 ? ExitCode.done : ExitCode.invalid);
}

/** Makes the result of a command the process's exit code. */
export async function finish(command: Promise<number>): Promise<void> {
  process.exitCode = await command;
}

/** Gathers the values of an option that may be repeated. */
export function collect(value: string, earlier: readonly string[] = []): readonly string[] {
  return [...earlier, value];
}

export function command(name: string, description: string): Command {
  return new Command(name).exitOverride(endInvalid).description(description);
}

/** Adds --stack, which must be given or come from the variable. */
export function withStack(target: Command): Command {
  return target
    .addOption(new Option("--stack <name>", "stack name in all layers, such as prod").env(STACK_VARIABLE))
    .hook("preAction", (_, action) => {
      const { stack } = action.optsWithGlobals<{ readonly stack?: string }>();
      if (stack === undefined || stack === "") {
        throw new UserError(
          [
            "No environment is named. One of these names it:",
            "  --stack <name>",
            `  export ${STACK_VARIABLE}=<name>`,
            "  source scripts/env.sh <name>",
          ].join("\n"),
        );
      }
      if (action.getOptionValueSourceWithGlobals("stack") === "env") {
        say(`Environment: ${stack} (from ${STACK_VARIABLE})`);
      }
    });
}

/** A command on one environment. */
export function environmentCommand(name: string, description: string): Command {
  return withStack(command(name, description)).option("--json", "one JSON document on standard output");
}

/** A command on some layers of an environment. */
export function layersCommand(name: string, description: string): Command {
  return environmentCommand(name, description)
    .option("--only <layers>", "these layers, separated by commas")
    .option("--from <layer>", "this layer and those after it");
}

/** Adds the option that answers the question. */
export function withYes(target: Command, description = "do not ask"): Command {
  return target.option("--yes", description);
}

/** Adds what every command needs that takes the environment's lock. */
export function withLockTimeout(target: Command): Command {
  return target.option("--lock-timeout <time>", "how long to wait for another run, such as 10m", parseDuration);
}

/** Adds the option that writes reports. */
export function withReport(target: Command): Command {
  return target.option("--report <folder>", "write report.json, report.md and report.html there");
}

/** Adds the options of a command that changes an environment: no question, lock and reports. */
export function withRunOptions(target: Command): Command {
  return withReport(withLockTimeout(withYes(target)));
}

/** Adds the option that migrates first. */
export function withMigrate(target: Command): Command {
  return target.option("--migrate", "migrate the database before services change");
}
