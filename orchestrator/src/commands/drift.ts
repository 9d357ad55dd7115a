/**
 * `rollout drift`: what is not as it was deployed, in three columns. Drift: AWS differs from the state. Stale: a layer was
 * built with outputs of another one that have changed since. Unapplied: code or settings that no deployment has seen.
 */
import { operation } from "../run/in-order.ts";
import { findEnvironment } from "@proliferate-infra/backend/environment/environment";
import { sorted } from "../model/fingerprint.ts";
import { selectLayers } from "../model/selection.ts";
import { ExitCode } from "@proliferate-infra/backend/errors";
import { hasChanges, type LayerResult } from "../model/results.ts";
import { layerOverviews } from "../run/layer-overviews.ts";
import { gatherRunFacts } from "../model/run-facts.ts";
import { pulumiEngine } from "../pulumi/engine.ts";
import { repositoryRoot } from "@proliferate-infra/backend/root";
import { runRollout } from "../run/report-run.ts";
import { say } from "../terminal/say.ts";
import type { CommonOptions } from "../options.ts";
import { listenForSignals } from "../terminal/signals.ts";
import { textTable } from "../terminal/table.ts";

/** Options of `drift`. */
export interface DriftOptions extends CommonOptions {
  /** Whether a difference is an error. */
  readonly expectNoChanges?: boolean;
}

/** Compares the selected layers with AWS, at the same time, and changes nothing. Returns the exit code. */
export async function drift(options: DriftOptions): Promise<number> {
  const layers = selectLayers(options);
  const environment = findEnvironment(repositoryRoot, options.stack, process.env);
  const facts = await gatherRunFacts(repositoryRoot, process.env);
  const interruption = listenForSignals(say);
  const engine = pulumiEngine(repositoryRoot, environment, interruption);
  // Both only look, and neither waits for the other.
  const viewed = layerOverviews(environment, layers);
  const { results, exitCode } = await runRollout(
    "drift",
    options,
    facts,
    { layers, atOnce: true },
    async (observer) => {
      const compare = operation(engine.refreshPreview, observer);
      const [overviews, ...compared] = await Promise.all([viewed, ...layers.map(compare)]);
      const ended = compared.map((result) => ({ ...result, ...sorted(overviews.get(result.layer)?.reasons ?? []) }));
      ended.forEach((result) => {
        observer.ended(result);
      });
      return ended;
    },
  );
  interruption.dispose();
  say(`\n${driftTable(results)}`);
  const isUnexpected = options.expectNoChanges === true && results.some(differs);
  return exitCode === ExitCode.done && isUnexpected ? ExitCode.changesFound : exitCode;
}

function differs({ changes, stale = [], unapplied = [] }: LayerResult): boolean {
  return hasChanges(changes) || stale.length > 0 || unapplied.length > 0;
}

/** The three columns. */
export function driftTable(results: readonly LayerResult[]): string {
  const rows = results.map(({ layer, changes, stale = [], unapplied = [] }) => {
    const { create, update, replace, delete: removed } = changes;
    const drifted = create + update + replace + removed;
    const shown = [drifted === 0 ? "" : `${drifted} resource(s)`, stale.join(", "), unapplied.join(", ")];
    return [layer, ...shown.map((cell) => (cell === "" ? "none" : cell))];
  });
  return textTable(["layer", "drift", "stale", "unapplied"], rows);
}
