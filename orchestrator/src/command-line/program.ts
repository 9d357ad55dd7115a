/** The command line as a whole. */
import completion from "@bomb.sh/tab/commander";
import { Command } from "commander";
import packageFile from "../../package.json" with { type: "json" };
import { deployCommands } from "./deploy.ts";
import { lookCommands } from "./look.ts";
import { operateCommands } from "./operate.ts";
import { endInvalid } from "./options.ts";
import { setUpCommands } from "./set-up.ts";

/** The program `rollout`, with its commands grouped by what a person wants. */
export function rolloutProgram(): Command {
  const program = new Command("rollout")
    .exitOverride(endInvalid)
    .description("Deploys the layers network, data, secrets and services of an environment.")
    .version(packageFile.version);
  const groups = [
    { title: "Set up:", commands: setUpCommands() },
    { title: "Deploy:", commands: deployCommands() },
    { title: "Look:", commands: lookCommands() },
    { title: "Operate:", commands: operateCommands() },
  ];
  for (const { title, commands } of groups) {
    commands.forEach((each) => program.addCommand(each.helpGroup(title)));
  }
  completion(program, { completionCommandName: "completion" });
  return program;
}
