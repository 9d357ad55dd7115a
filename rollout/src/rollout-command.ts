/** What `up` and `destroy` share: engine, progress, signals, summary, report and exit code. */
import { join } from "node:path";
import { createInterface } from "node:readline/promises";
import type { RolloutObserver } from "./deploy-layers.ts";
import type { RunFacts } from "./ledger/run-facts.ts";
import { ExitCode, InvalidRequest, type LayerResult } from "./layer-results.ts";
import { plainProgress } from "./progress-plain.ts";
import { terminalProgress, type ShownLayers } from "./progress-terminal.ts";
import { reportOf, type RolloutReport } from "./rollout-report.ts";
import { summaryTable } from "./summary-text.ts";

/** Options of every command. */
export interface CommonOptions {
  /** Stack name in all layers, such as `prod`. */
  readonly stack: string;
  readonly only?: string;
  readonly from?: string;
  /** Do not ask. */
  readonly yes?: boolean;
  /** How long to wait for another run on the environment, such as `10m`. */
  readonly lockTimeout?: string;
  /** Folder for report.json, report.md and report.html. */
  readonly report?: string;
  /** One JSON document on standard output, everything else on standard error. */
  readonly json?: boolean;
}

/** Root of the repository. */
export const repositoryRoot = join(import.meta.dirname, "..", "..");

/** Writes a line for people; never to standard output, which belongs to `--json`. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

function progressOf(shown: ShownLayers, json: boolean): { observer: RolloutObserver; finished: Promise<unknown> } {
  return process.stdout.isTTY && !json
    ? terminalProgress(shown)
    : { observer: plainProgress(say), finished: Promise.resolve() };
}

/** Runs layers in some order and tells the observer of each. */
export type RunLayers = (observer: RolloutObserver) => Promise<readonly LayerResult[]>;

/** Runs layers, shows how they get on, and reports the end. Answers the results and the exit code. */
export async function runRollout(
  command: RolloutReport["command"],
  options: CommonOptions,
  facts: RunFacts,
  shown: ShownLayers,
  run: RunLayers,
): Promise<{ readonly results: readonly LayerResult[]; readonly exitCode: number }> {
  const { observer, finished } = progressOf(shown, options.json === true);
  const results = await run(observer);
  await finished;

  const report = reportOf({ ...facts, command, stack: options.stack, finishedAt: new Date() }, results);
  say(`\n${summaryTable(results)}`);
  if (report.exitCode !== ExitCode.done) {
    say(`\nWhen that is mended, run the same command again: layers that are done stay as they are.`);
  }
  if (options.report !== undefined) {
    const { writeReports } = await import("./report/write-reports.ts");
    await writeReports(options.report, report);
    say(`\nReport: ${join(options.report, "report.html")}`);
  }
  if (options.json === true) {
    process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  }
  return { results, exitCode: report.exitCode };
}

/** Refuses to go on without a person's consent. */
export function requireTerminal(what: string, remedy: string): void {
  if (!process.stdin.isTTY) {
    throw new InvalidRequest(`${what} needs your consent, and there is no terminal to ask on; ${remedy}.`);
  }
}

/** What the person at the terminal answers, without surrounding space. */
export async function ask(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question(question);
  terminal.close();
  return answer.trim();
}
