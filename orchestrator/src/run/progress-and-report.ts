/** Shows the progress of layers while they run, then their summary, and writes the report. */
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

/** Runs layers with `work` while their progress is shown. Returns their results. */
export async function withProgress(
  shown: ShownLayers,
  { json }: Pick<CommonOptions, "json">,
  work: (observer: RolloutObserver) => Promise<readonly LayerResult[]>,
): Promise<readonly LayerResult[]> {
  if (!process.stdout.isTTY || json === true) {
    return work(plainProgress(say));
  }
  const { observer, finished } = terminalProgress(shown);
  const results = await work(observer);
  await finished;
  return results;
}

/** Prints the summary, writes the reports that are asked for. Returns the exit code of the results. */
export async function reportRun(
  command: RolloutReport["command"],
  { stack, report: folder, json }: CommonOptions,
  facts: RunFacts,
  results: readonly LayerResult[],
): Promise<number> {
  const report = reportOf({ ...facts, command, stack, finishedAt: new Date() }, results);
  say(`\n${summaryTable(results)}`);
  if (report.exitCode !== ExitCode.done) {
    say(`\nWhen that is fixed, run the same command again: layers that are done stay as they are.`);
  }
  if (folder !== undefined) {
    const { writeReports } = await import("../report/write.ts");
    await writeReports(folder, report);
    say(`\nReport: ${join(folder, "report.html")}`);
  }
  if (json === true) {
    process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  }
  return report.exitCode;
}
