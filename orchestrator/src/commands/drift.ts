/**
 * `rollout drift`: what is not as it was deployed, in three columns. Drift: AWS differs from the state. Stale: a layer was
 * built with outputs of another one that have changed since. Unapplied: code or settings that no deployment has seen. Changes that AWS
 * has queued until the maintenance window are shown too, and are no difference.
 */
import { findEnvironment } from "@proliferate-infra/backend/environment/environment";
import { NO_STATE, publicValues } from "@proliferate-infra/backend/pulumi-files/state";
import { repositoryRoot } from "@proliferate-infra/backend/root";
import { partitionDifferences } from "../model/fingerprint.ts";
import { hasChanges, type LayerResult } from "../model/results.ts";
import { selectLayers } from "../model/selection.ts";
import { compareLayers, type CompareOptions } from "../run/compare.ts";
import { pendingTexts, readPending, withoutQueued } from "../run/pending.ts";
import { layerOverviews } from "../run/layer-overviews.ts";
import { say } from "../terminal/say.ts";
import { textTable } from "../terminal/table.ts";

/** Compares the selected layers with AWS, at the same time, and changes nothing. Returns the exit code. */
export async function drift(options: CompareOptions): Promise<number> {
  const layers = selectLayers(options);
  const environment = findEnvironment(repositoryRoot, options.stack, process.env);
  const { results, exitCode } = await compareLayers({
    ...{ environment, layers, options, differs },
    command: "drift",
    operation: "refreshPreview",
    compare: async (refresh) => {
      const [overviews, ...refreshed] = await Promise.all([
        layerOverviews(environment, layers),
        ...layers.map(refresh),
      ]);
      const data = publicValues(overviews.get("data")?.state ?? NO_STATE);
      const pending = await readPending(data, environment.facts?.region);
      return refreshed.map((result) => {
        const differences = partitionDifferences(overviews.get(result.layer)?.reasons ?? []);
        return result.layer === "data"
          ? { ...withoutQueued(result, pending), ...differences, pending: pendingTexts(pending) }
          : { ...result, ...differences };
      });
    },
  });
  say(`\n${driftTable(results)}`);
  return exitCode;
}

function differs({ changes, stale = [], unapplied = [] }: LayerResult): boolean {
  return hasChanges(changes) || stale.length > 0 || unapplied.length > 0;
}

function driftTable(results: readonly LayerResult[]): string {
  const rows = results.map(({ layer, changes, stale = [], unapplied = [] }) => {
    const { create, update, replace, delete: removed } = changes;
    const drifted = create + update + replace + removed;
    const shown = [drifted === 0 ? "" : `${drifted} resource(s)`, stale.join(", "), unapplied.join(", ")];
    return [layer, ...shown.map((cell) => (cell === "" ? "none" : cell))];
  });
  return textTable(["layer", "drift", "stale", "unapplied"], rows);
}
