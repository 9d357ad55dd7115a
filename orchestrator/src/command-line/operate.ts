/** Commands on a running environment. The code of each is loaded when it runs, so that --help answers at once. */
import type { Command } from "commander";
import type { RotateOptions } from "../commands/rotate/rotate.ts";
import type { UnlockOptions } from "../commands/unlock.ts";
import type { CommonOptions } from "../options.ts";
import { collect, environmentCommand, finish, withLockTimeout, withRunOptions, withYes } from "./options.ts";

/** The commands of this group. */
export function operateCommands(): readonly Command[] {
  return [
    withRunOptions(environmentCommand("rotate", "give secrets new values and deploy what reads them"))
      .argument("[keys...]", "keys of the secrets, such as anthropicApiKey")
      .option("--generate", "generate the new values")
      .option("--file <file>", "take the new value from there, not from standard input; of several keys a JSON object")
      .option("--accept <loss>", "what may be lost for good, in the words of a refusal; may be repeated", collect)
      .option("--back", "go back to the values before the last rotation")
      .action(async (keys: readonly string[], options: RotateOptions) =>
        finish((await import("../commands/rotate/rotate.ts")).rotate(keys, options)),
      ),
    withLockTimeout(
      withYes(environmentCommand("migrate", "migrate the database with the gateway's deployed image")),
    ).action(async (options: CommonOptions) => finish((await import("../commands/migrate.ts")).migrate(options))),
    environmentCommand("unlock", "release the lock of a dead run")
      .requiredOption("--run <id>", "id of the run that holds it, as rollout status shows it")
      .option("--force", "also when that run sent a heartbeat less than a minute ago")
      .action(async (options: UnlockOptions) => finish((await import("../commands/unlock.ts")).unlock(options))),
  ];
}
