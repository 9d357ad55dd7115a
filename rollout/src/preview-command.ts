/** `rollout preview`: what `up` would do in the selected layers, also where nothing is deployed yet. Changes nothing. */
import type { LayerName } from "@proliferate-infra/shared/layers";
import { operation, type LayerOperation, type RolloutObserver } from "./deploy-layers.ts";
import { findEnvironment, type Environment } from "./environment/environment.ts";
import { ofRun } from "./guard/run-variable.ts";
import { ExchangeServer } from "./exchange/exchange-server.ts";
import { gatherRunFacts } from "./ledger/run-facts.ts";
import { selectLayers } from "./layer-order.ts";
import { ExitCode, hasChanges, NO_CHANGES, type LayerResult } from "./layer-results.ts";
import { viewLayers } from "./layer-standing.ts";
import { layersAtRest, runTogether } from "./preview-layers.ts";
import { pulumiEngine } from "./pulumi-engine.ts";
import { repositoryRoot, runRollout, say, type CommonOptions } from "./rollout-command.ts";
import { listenForSignals } from "./signals.ts";
import { checkConfigurations } from "./stack-configurations.ts";
import { NO_STATE, publicValues } from "./state/layer-state.ts";

/** Options of `preview`. */
export interface PreviewOptions extends CommonOptions {
  /** Whether a change is an error. */
  readonly expectNoChanges?: boolean;
  /** Preview layers too that are as their last good deployment left them. */
  readonly force?: boolean;
}

/** Previews and reports. Answers the exit code. */
export async function preview(options: PreviewOptions): Promise<number> {
  const layers = selectLayers(options);
  const environment = findEnvironment(repositoryRoot, options.stack, process.env);
  checkConfigurations(repositoryRoot, options.stack, layers);
  const atRest = options.force === true ? new Map<LayerName, LayerResult>() : await resultsAtRest(environment, layers);
  const exchange = await ExchangeServer.open(layers, "previews");
  [...atRest.keys()].forEach((layer) => {
    exchange.leave(layer);
  });
  const facts = await gatherRunFacts(repositoryRoot, process.env);
  const interruption = listenForSignals(say);
  try {
    const pulumiVariables = { ...environment.pulumiVariables, ...exchange.variables };
    const connected = ofRun({ ...environment, pulumiVariables }, facts.runId);
    const engine = pulumiEngine(repositoryRoot, connected, interruption);
    const run = (observer: RolloutObserver) => {
      const preview = operation(engine.preview, observer);
      const operate: LayerOperation = async (layer) => atRest.get(layer) ?? (await preview(layer));
      return runTogether(layers, operate, observer, exchange);
    };
    const shown = { layers, atOnce: true };
    const { results, exitCode } = await runRollout("preview", options, facts, shown, run);
    const isUnexpected = options.expectNoChanges === true && results.some(({ changes }) => hasChanges(changes));
    return exitCode === ExitCode.done && isUnexpected ? ExitCode.changesFound : exitCode;
  } finally {
    interruption.dispose();
    exchange.close();
  }
}

/** Results of the layers whose plan is known to be empty; of none when their standing cannot be found out, which a preview tells. */
async function resultsAtRest(
  environment: Environment,
  layers: readonly LayerName[],
): Promise<ReadonlyMap<LayerName, LayerResult>> {
  const standings = await viewLayers(environment, layers).catch(() => undefined);
  if (standings === undefined) {
    return new Map();
  }
  const names = layersAtRest(layers, (layer) => standings.get(layer)?.reasons);
  const results = [...names].map((layer): [LayerName, LayerResult] => {
    const outputs = publicValues(standings.get(layer)?.state ?? NO_STATE);
    return [layer, { layer, status: "unchanged", durationMs: 0, changes: NO_CHANGES, outputs }];
  });
  return new Map(results);
}
