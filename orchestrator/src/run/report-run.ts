/** What `up` and `destroy` share: engine, progress, signals, summary, report and exit code. */
import { join } from "node:path";
import type { CommonOptions } from "../options.ts";
import { say } from "../terminal/say.ts";
import type { RolloutObserver } from "../model/observer.ts";
import type { RunFacts } from "../model/run-facts.ts";
import { ExitCode } from "@proliferate-infra/backend/errors";
import type { LayerResult } from "../model/results.ts";
import { plainProgress } from "../terminal/progress-plain.ts";
import { terminalProgress, type ShownLayers } from "../terminal/progress-live.ts";
import { reportOf, type RolloutReport } from "../report/report.ts";
import { summaryTable } from "../terminal/summary.ts";

function progressOf(shown: ShownLayers, json: boolean): { observer: RolloutObserver; finished: Promise<unknown> } {
  return process.stdout.isTTY && !json
    ? terminalProgress(shown)
    : { observer: plainProgress(say), finished: Promise.resolve() };
}

/** Runs layers in some order and tells the observer of each. */
export type RunLayers = (observer: RolloutObserver) => Promise<readonly LayerResult[]>;

/** Runs layers, shows how they get on, and reports the end. Returns the results and the exit code. */
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
    say(`\nWhen that is fixed, run the same command again: layers that are done stay as they are.`);
  }
  if (options.report !== undefined) {
    const { writeReports } = await import("../report/write.ts");
    await writeReports(options.report, report);
    say(`\nReport: ${join(options.report, "report.html")}`);
  }
  if (options.json === true) {
    process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  }
  return { results, exitCode: report.exitCode };
}
