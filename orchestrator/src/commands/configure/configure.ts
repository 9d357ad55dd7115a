/** `rollout configure` and its subcommands. The code of a subcommand is loaded when it runs. */
import type { Command } from "commander";
import { UserError } from "@proliferate-infra/backend/errors";
import type { ListOptions } from "./list.ts";
import type { PullOptions } from "./pull.ts";
import type { PushOptions } from "./push.ts";
import type { SetOptions } from "./set.ts";

const collect = (value: string, earlier: readonly string[] = []) => [...earlier, value];

/**
 * Adds the subcommands. `--stack` belongs to the command, so that it can be given before or after a subcommand's name.
 *
 * @param finish takes the exit code.
 */
export function configureCommand(command: Command, finish: (command: Promise<number>) => Promise<void>): Command {
  command
    .configureHelp({ showGlobalOptions: true })
    .argument("[words...]")
    .action(async (words: readonly string[], options: { readonly stack: string }) => {
      if (words.length > 0) {
        // Not repeated: it may be a secret.
        throw new UserError(
          `The subcommands of configure are set, unset, pull, push and list; without one, it asks for settings. To set values:\n  scripts/configure.sh set --stack ${options.stack} key=value`,
        );
      }
      await finish((await import("./wizard.ts")).wizard(options));
    });
  command
    .command("set [pairs...]")
    .usage("--stack <name> [key=value ...] [options]")
    .description("set values; all of them or, when one is wrong, none")
    .option("--secret <key>", "a secret from standard input, or key=@FILE from a file; may be repeated", collect)
    .option("--from-env-file <file>", "settings by variable or key name; generates missing secrets like --generate")
    .option("--generate", "generate missing secrets that no other service issues")
    .action(async (pairs: readonly string[], _: unknown, sub: Command) =>
      finish((await import("./set.ts")).set(pairs, sub.optsWithGlobals<SetOptions>())),
    );
  command
    .command("unset <keys...>")
    .description("remove keys from all layers")
    .action(async (keys: readonly string[], _: unknown, sub: Command) =>
      finish((await import("./unset.ts")).unset(keys, sub.optsWithGlobals<{ readonly stack: string }>())),
    );
  command
    .command("pull")
    .description("get the settings that the environment was last deployed with")
    .option("--force", "replace settings that were changed in this checkout")
    .option("--file <folder>", "folder of the state, where this checkout does not know the environment yet")
    .option("--region <region>", "AWS region of the state, where this checkout does not know the environment yet")
    .action(async (_: unknown, sub: Command) =>
      finish((await import("./pull.ts")).pull(sub.optsWithGlobals<PullOptions>())),
    );
  command
    .command("push")
    .description("publish the settings of this checkout; each deployment does that too")
    .option("-y, --yes", "do not ask")
    .action(async (_: unknown, sub: Command) =>
      finish((await import("./push.ts")).push(sub.optsWithGlobals<PushOptions>())),
    );
  command
    .command("list")
    .description("which keys are set, missing or defaulted; secrets without their values")
    .option("--json", "one JSON document on standard output")
    .action(async (_: unknown, sub: Command) =>
      finish((await import("./list.ts")).list(sub.optsWithGlobals<ListOptions>())),
    );
  return command;
}
