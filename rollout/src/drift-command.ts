/**
 * `rollout drift`: what is not as it was deployed, in three columns. Drift: AWS differs from the state. Stale: a layer was
 * built with outputs of another one that have changed since. Unapplied: code or settings that no deployment has seen.
 */
import type { LayerName } from "@proliferate-infra/shared/layers";
import { operation } from "./deploy-layers.ts";
import { findEnvironment } from "./environment/environment.ts";
import { sorted } from "./fingerprint/fingerprint.ts";
import { selectLayers } from "./layer-order.ts";
import { ExitCode, hasChanges, type LayerResult } from "./layer-results.ts";
import { viewLayers, type LayerStanding } from "./layer-standing.ts";
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
  const standings = await viewLayers(environment, layers);
  const { results, exitCode } = await runRollout("drift", options, facts, layers, async (observer) => {
    const compare = operation(engine.refreshPreview, observer);
    const ended = await Promise.all(layers.map(compare));
    ended.forEach((result) => {
      observer.ended(result);
    });
    return ended;
  });
  interruption.dispose();
  say(`\n${driftTable(results, standings)}`);
  const differs = results.some((result) => isDifferent(result, standings.get(result.layer)));
  return exitCode === ExitCode.done && differs && options.expectNoChanges === true ? ExitCode.changesFound : exitCode;
}

function columns({ reasons = [] }: LayerStanding): ReturnType<typeof sorted> {
  return sorted(reasons);
}

function isDifferent({ changes }: LayerResult, standing: LayerStanding | undefined): boolean {
  const { stale, unapplied } = standing === undefined ? { stale: [], unapplied: [] } : columns(standing);
  return hasChanges(changes) || stale.length > 0 || unapplied.length > 0;
}

/** The three columns. */
export function driftTable(results: readonly LayerResult[], standings: ReadonlyMap<LayerName, LayerStanding>): string {
  const rows = results.map(({ layer, changes }) => {
    const standing = standings.get(layer);
    const { stale, unapplied } = standing === undefined ? { stale: [], unapplied: [] } : columns(standing);
    const drifted = changes.update + changes.delete + changes.create + changes.replace;
    const shown = [drifted === 0 ? "none" : `${drifted} resource(s)`, stale.join(", "), unapplied.join(", ")];
    return [layer, ...shown.map((cell) => (cell === "" ? "none" : cell))];
  });
  return textTable(["layer", "drift", "stale", "unapplied"], rows);
}
