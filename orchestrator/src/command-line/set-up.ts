/** Commands that set an environment up. The code of each is loaded when it runs, so that --help answers at once. */
import type { Command } from "commander";
import { configureCommand } from "../commands/configure/configure.ts";
import type { DoctorOptions } from "../commands/doctor.ts";
import { localCommand } from "../commands/local/local.ts";
import type { LoginOptions } from "../commands/login.ts";
import type { SetupOptions } from "../commands/setup/setup.ts";
import { command, environmentCommand, finish, layersCommand, withStack, withYes } from "./options.ts";

/** The commands of this group. */
export function setUpCommands(): readonly Command[] {
  return [
    withYes(environmentCommand("setup", "create state bucket, lock table, key and stacks; safe to repeat"))
      .option("--region <region>", "AWS region of state and environment")
      .option("--file <folder>", "keep the state in a folder of this machine, without AWS")
      .option("--protect-resources", "protect a new environment's resources; the default without a terminal")
      .option("--no-protect-resources", "let a new environment be destroyed at once")
      .option("--extra-tags <json>", "setting extraTags of a new environment, also for bucket, lock table and key")
      .option("--permissions-boundary-arn <arn>", "setting permissionsBoundaryArn of a new environment")
      .option("--print-iam", "only print IAM policies of a preview and a deploy role")
      .action(async (options: SetupOptions) => finish((await import("../commands/setup/setup.ts")).setup(options))),
    configureCommand(withStack(command("configure", "set what an environment needs; on a terminal it asks")), finish),
    environmentCommand("login", "log plain pulumi in to the state of an environment")
      .option("--url <url>", "the state URL, where the environment has no file")
      .action(async (options: LoginOptions) => finish((await import("../commands/login.ts")).login(options))),
    withStack(command("env", "print variables for plain pulumi on an environment, for scripts/env.sh")).action(
      async (options: { readonly stack: string }) =>
        finish(import("../commands/env.ts").then(({ printVariables }) => printVariables(options))),
    ),
    layersCommand("doctor", "check everything that a deployment needs, and show what fixes it").action(
      async (options: DoctorOptions) => finish((await import("../commands/doctor.ts")).doctor(options)),
    ),
    localCommand(command("local", "the emulated AWS on this machine and the stack local in it")),
  ];
}
