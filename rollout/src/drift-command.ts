/**
 * `rollout drift`: what is not as it was deployed, in three columns. Drift: AWS differs from the state. Stale: a layer was
 * built with outputs of another one that have changed since. Unapplied: code or settings that no deployment has seen.
 */
import { operation } from "./deploy-layers.ts";
import { findEnvironment } from "./environment/environment.ts";
import { sorted } from "./fingerprint/fingerprint.ts";
import { selectLayers } from "./layer-order.ts";
import { ExitCode, hasChanges, type LayerResult } from "./layer-results.ts";
import { viewLayers } from "./layer-standing.ts";
import { gatherRunFacts } from "./ledger/run-facts.ts";
import { pulumiEngine } from "./pulumi-engine.ts";
import { repositoryRoot, runRollout, say, type CommonOptions } from "./rollout-command.ts";
import { listenForSignals } from "./signals.ts";
import { textTable } from "./text-table.ts";

/** Options of `drift`. */
export interface DriftOptions extends CommonOptions {
  /** Whether a difference is an error. */
  readonly expectNoChanges?: boolean;
}

/** Compares the selected layers with AWS, at the same time, and changes nothing. Answers the exit code. */
export async function drift(options: DriftOptions): Promise<number> {
  const layers = selectLayers(options);
  const environment = findEnvironment(repositoryRoot, options.stack, process.env);
  const facts = await gatherRunFacts(repositoryRoot, process.env);
  const interruption = listenForSignals(say);
  const engine = pulumiEngine(repositoryRoot, environment, interruption);
  // Both only look, and neither waits for the other.
  const viewed = viewLayers(environment, layers);
  const { results, exitCode } = await runRollout(
    "drift",
    options,
    facts,
    { layers, atOnce: true },
    async (observer) => {
      const compare = operation(engine.refreshPreview, observer);
      const [standings, ...compared] = await Promise.all([viewed, ...layers.map(compare)]);
      const ended = compared.map((result) => ({ ...result, ...sorted(standings.get(result.layer)?.reasons ?? []) }));
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
