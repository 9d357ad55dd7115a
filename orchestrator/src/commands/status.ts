/** `rollout status`: the last result of each layer, whether a deployment would run it, and who holds the lock. */
import { layerNames, type LayerName } from "@proliferate-infra/shared/layers";
import { findEnvironment, type Environment } from "@proliferate-infra/backend/environment/environment";
import { ExitCode } from "@proliferate-infra/backend/errors";
import { actorText } from "../model/run-facts.ts";
import { warnOfUnknownSecrets } from "../run/compare.ts";
import { layerOverviews, type LayerOverview } from "../run/layer-overviews.ts";
import { holderText, obstacleOf, type Obstacle } from "@proliferate-infra/backend/lock/record";
import { withLockStore } from "@proliferate-infra/backend/lock/open";
import { NO_STATE, publicValues } from "@proliferate-infra/backend/pulumi-files/state";
import { pendingTexts, readPending } from "../run/pending.ts";
import { repositoryRoot } from "@proliferate-infra/backend/root";
import { printResult } from "../terminal/say.ts";
import { textTable } from "../terminal/table.ts";

export interface StatusOptions {
  readonly stack: string;
  readonly json?: boolean;
}

/** Returns the exit code. */
export async function status({ stack, json }: StatusOptions): Promise<number> {
  const environment = findEnvironment(repositoryRoot, stack, process.env);
  await warnOfUnknownSecrets(environment);
  const [overviews, lock] = await Promise.all([layerOverviews(environment, layerNames), lockOf(environment)]);
  const pending = pendingTexts(
    await readPending(publicValues(overviews.get("data")?.state ?? NO_STATE), environment.facts?.region),
  );
  const text = [statusTable(overviews), ...pending.map((each) => `data: ${each}`), lockText(lock)].join("\n\n");
  printResult(json, { ...statusDocument(overviews, lock), pending }, text);
  return ExitCode.done;
}

async function lockOf({ state, stack }: Environment): Promise<Obstacle> {
  return obstacleOf(await withLockStore(state, stack, (store) => store.read()), Date.now());
}

function lockText(lock: Obstacle): string {
  if (lock.kind === "none") {
    return "The lock is free.";
  }
  return lock.kind === "held"
    ? `Held by ${holderText(lock.holder)}.`
    : `Locked by a dead run: ${holderText(lock.holder)}. The next run takes over.`;
}

function statusDocument(overviews: ReadonlyMap<LayerName, LayerOverview>, lock: Obstacle) {
  const layers = [...overviews].map(([layer, { record, state, reasons }]) => ({
    layer,
    last: record === undefined ? null : { ...record, good: undefined },
    resources: state.resources.length,
    pendingOperations: state.pendingOperations,
    runsBecauseOf: reasons ?? [],
  }));
  return { schemaVersion: 1, layers, lock };
}

export function statusTable(overviews: ReadonlyMap<LayerName, LayerOverview>): string {
  const rows = [...overviews].map(([layer, { record, state, reasons }]) => [
    layer,
    record === undefined ? "never run" : `${record.command} ${record.status}`,
    record?.at ?? "",
    record === undefined ? "" : actorText(record.by),
    record?.commit?.slice(0, 12) ?? "",
    String(state.resources.length),
    reasons === undefined ? "up to date" : `would run: ${reasons.join(", ")}`,
  ]);
  return textTable(["layer", "last", "when", "by", "commit", "resources", "now"], rows);
}
