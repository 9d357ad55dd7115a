/** Commands that only look. The code of each is loaded when it runs, so that --help answers at once. */
import type { Command } from "commander";
import type { CompareOptions } from "../run/compare.ts";
import type { HistoryOptions } from "../commands/history.ts";
import type { StatusOptions } from "../commands/status.ts";
import type { CommonOptions } from "../options.ts";
import { command, environmentCommand, finish, layersCommand, withReport } from "./options.ts";

/** The commands of this group. */
export function lookCommands(): readonly Command[] {
  return [
    environmentCommand("status", "each layer's last result, and why a deployment would run it").action(
      async (options: StatusOptions) => finish((await import("../commands/status.ts")).status(options)),
    ),
    withReport(layersCommand("drift", "compare all layers with AWS, the code and each other; change nothing"))
      .option("--expect-no-changes", "exit code 2 when something differs")
      .action(async (options: CompareOptions) => finish((await import("../commands/drift.ts")).drift(options))),
    environmentCommand("history", "the last runs, newest first")
      .option("--limit <number>", "how many", "20")
      .action(async (options: HistoryOptions) => finish((await import("../commands/history.ts")).history(options))),
    layersCommand("outputs", "print what the layers export, without secrets").action(async (options: CommonOptions) =>
      finish((await import("../commands/outputs.ts")).outputs(options)),
    ),
    layersCommand("policy", "check what is deployed against the rules of policy/").action(
      async (options: CommonOptions) => finish((await import("../commands/policy.ts")).policy(options)),
    ),
    command("graph", "the layers, with the outputs that flow between them")
      .option("--format <format>", "mermaid, dot or svg", "mermaid")
      .action(async (options: { readonly format: string }) =>
        finish((await import("../commands/graph.ts")).graph(options)),
      ),
  ];
}
