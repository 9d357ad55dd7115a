/** `rollout preview`: what `up` would do in the selected layers, also where nothing is deployed yet. Changes nothing. */
import { operation } from "./deploy-layers.ts";
import { findEnvironment } from "./environment/environment.ts";
import { ofRun } from "./guard/run-variable.ts";
import { ExchangeServer } from "./exchange/exchange-server.ts";
import { gatherRunFacts } from "./ledger/run-facts.ts";
import { selectLayers } from "./layer-order.ts";
import { ExitCode, hasChanges } from "./layer-results.ts";
import { runTogether } from "./preview-layers.ts";
import { pulumiEngine } from "./pulumi-engine.ts";
import { repositoryRoot, runRollout, say, type CommonOptions } from "./rollout-command.ts";
import { listenForSignals } from "./signals.ts";
import { checkConfigurations } from "./stack-configurations.ts";

/** Options of `preview`. */
export interface PreviewOptions extends CommonOptions {
  /** Whether a change is an error. */
  readonly expectNoChanges?: boolean;
}

/** Previews and reports. Answers the exit code. */
export async function preview(options: PreviewOptions): Promise<number> {
  const layers = selectLayers(options);
  const environment = findEnvironment(repositoryRoot, options.stack, process.env);
  checkConfigurations(repositoryRoot, options.stack, layers);
  const exchange = await ExchangeServer.open(layers, "previews");
  const facts = await gatherRunFacts(repositoryRoot, process.env);
  const interruption = listenForSignals(say);
  try {
    const pulumiVariables = { ...environment.pulumiVariables, ...exchange.variables };
    const connected = ofRun({ ...environment, pulumiVariables }, facts.runId);
    const engine = pulumiEngine(repositoryRoot, connected, interruption);
    const { results, exitCode } = await runRollout("preview", options, facts, { layers, atOnce: true }, (observer) =>
      runTogether(layers, operation(engine.preview, observer), observer, exchange),
    );
    const isUnexpected = options.expectNoChanges === true && results.some(({ changes }) => hasChanges(changes));
    return exitCode === ExitCode.done && isUnexpected ? ExitCode.changesFound : exitCode;
  } finally {
    interruption.dispose();
    exchange.close();
  }
}
