/** `rollout configure` with its subcommands. Their code is loaded when one runs. */
import type { Command } from "commander";
import { UserError } from "@proliferate-infra/backend/errors";
import type { ListOptions } from "./list.ts";
import type { SetOptions } from "./set.ts";

const collect = (value: string, earlier: readonly string[] = []) => [...earlier, value];

/**
 * Adds the subcommands. The command holds `--stack` for all of them, so that the option may stand before or after their names.
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
          `configure has the subcommands set, unset and list, and "configure" alone asks. Settings are given after set:\n  scripts/configure.sh set --stack ${options.stack} key=value`,
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
    .option("--generate", "make up secrets that are missing and that nobody has to know")
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
    .command("list")
    .description("which keys are set, missing or defaulted; secrets without their values")
    .option("--json", "one JSON document on standard output")
    .action(async (_: unknown, sub: Command) =>
      finish((await import("./list.ts")).list(sub.optsWithGlobals<ListOptions>())),
    );
  return command;
}
