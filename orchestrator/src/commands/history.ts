/** `rollout history`: the last runs on an environment, newest first. */
import { findEnvironment } from "@proliferate-infra/backend/environment/environment";
import { ExitCode, UserError } from "@proliferate-infra/backend/errors";
import { Ledger } from "../history/ledger.ts";
import type { RunRecord } from "../history/records.ts";
import { actorText } from "../model/run-facts.ts";
import { withObjectStore } from "@proliferate-infra/backend/storage/open";
import { repositoryRoot } from "@proliferate-infra/backend/root";
import { formatDuration } from "@proliferate-infra/shared/values/duration";
import { printResult } from "../terminal/say.ts";
import { textTable } from "../terminal/table.ts";

export interface HistoryOptions {
  readonly stack: string;
  /** Number of runs; a whole number above zero. */
  readonly limit: string;
  readonly json?: boolean;
}

/** Returns the exit code. */
export async function history({ stack, limit, json }: HistoryOptions): Promise<number> {
  const count = Number(limit);
  if (!Number.isInteger(count) || count < 1) {
    throw new UserError(`--limit ${limit} must be a whole number above zero.`);
  }
  const { state } = findEnvironment(repositoryRoot, stack, process.env);
  const runs = await withObjectStore(state, (store) => new Ledger(store, stack).runs(count));
  printResult(json, runs, runTable(runs));
  return ExitCode.done;
}

export function runTable(runs: readonly RunRecord[]): string {
  if (runs.length === 0) {
    return "No run yet.";
  }
  const rows = runs.map((run) => [
    run.startedAt,
    run.command,
    runResult(run),
    run.finishedAt === undefined ? "" : formatDuration(Date.parse(run.finishedAt) - Date.parse(run.startedAt)),
    run.layers.map(({ layer, status }) => `${layer} ${status}`).join(", "),
    actorText(run.by),
    run.commit?.slice(0, 12) ?? "",
    run.runId,
  ]);
  return textTable(["started", "command", "result", "duration", "layers", "by", "commit", "run"], rows);
}

function runResult({ exitCode }: RunRecord): string {
  return exitCode === undefined ? "not ended" : exitCode === 0 ? "done" : `exit code ${exitCode}`;
}
