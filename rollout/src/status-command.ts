/** `rollout status`: how each layer stands, and whether a deployment would run it. Reads only. */
import { layerNames, type LayerName } from "@proliferate-infra/shared/layers";
import { findEnvironment } from "./environment/environment.ts";
import { viewLayers, type LayerStanding } from "./layer-standing.ts";
import { actorText } from "./history-command.ts";
import { repositoryRoot } from "./rollout-command.ts";
import { textTable } from "./text-table.ts";

/** Options of `status`. */
export interface StatusOptions {
  readonly stack: string;
  readonly json?: boolean;
}

/** Prints how the layers stand. Answers the exit code. */
export async function status({ stack, json }: StatusOptions): Promise<number> {
  const environment = findEnvironment(repositoryRoot, stack, process.env);
  const standings = await viewLayers(environment, layerNames);
  const text =
    json === true
      ? JSON.stringify(
          Object.fromEntries([...standings].map(([layer, each]) => [layer, statusDocument(each)])),
          null,
          2,
        )
      : statusTable(standings);
  process.stdout.write(`${text}\n`);
  return 0;
}

/** A layer's standing for machines. */
function statusDocument({ record, state, reasons }: LayerStanding) {
  return {
    last: record === undefined ? null : { ...record, good: undefined },
    resources: state.resources.length,
    pendingOperations: state.pendingOperations,
    runsBecauseOf: reasons ?? [],
  };
}

/** Standings as a table. */
export function statusTable(standings: ReadonlyMap<LayerName, LayerStanding>): string {
  const rows = [...standings].map(([layer, { record, state, reasons }]) => [
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
