/** `rollout preview`: what `up` would do in the selected layers, also where nothing is deployed yet. Changes nothing. */
import type { LayerName } from "@proliferate-infra/shared/layers";
import { operation, type LayerOperation } from "../run/in-order.ts";
import type { RolloutObserver } from "../model/observer.ts";
import { findEnvironment, type Environment } from "@proliferate-infra/backend/environment/environment";
import { withRunId } from "@proliferate-infra/backend/program/run-id";
import { OutputRelay } from "../output-relay/server.ts";
import { gatherRunFacts } from "../model/run-facts.ts";
import { selectLayers } from "../model/selection.ts";
import { ExitCode } from "@proliferate-infra/backend/errors";
import { hasChanges, NO_CHANGES, type LayerResult } from "../model/results.ts";
import { layerOverviews } from "../run/layer-overviews.ts";
import { upToDateLayers, runTogether } from "../run/concurrent.ts";
import { pulumiEngine } from "../pulumi/engine.ts";
import { repositoryRoot } from "@proliferate-infra/backend/root";
import { runRollout } from "../run/report-run.ts";
import { say } from "../terminal/say.ts";
import type { CommonOptions } from "../options.ts";
import { listenForSignals } from "../terminal/signals.ts";
import { checkConfigurations } from "../settings/stack-configurations.ts";
import { NO_STATE, publicValues } from "@proliferate-infra/backend/pulumi-files/state";

/** Options of `preview`. */
export interface PreviewOptions extends CommonOptions {
  /** Whether a change is an error. */
  readonly expectNoChanges?: boolean;
  /** Preview layers too that are as their last good deployment left them. */
  readonly force?: boolean;
}

/** Previews and reports. Returns the exit code. */
export async function preview(options: PreviewOptions): Promise<number> {
  const layers = selectLayers(options);
  const environment = findEnvironment(repositoryRoot, options.stack, process.env);
  checkConfigurations(repositoryRoot, options.stack, layers);
  const upToDate =
    options.force === true ? new Map<LayerName, LayerResult>() : await upToDateResults(environment, layers);
  const relay = await OutputRelay.open(layers, "previews");
  [...upToDate.keys()].forEach((layer) => {
    relay.useState(layer);
  });
  const facts = await gatherRunFacts(repositoryRoot, process.env);
  const interruption = listenForSignals(say);
  try {
    const pulumiVariables = { ...environment.pulumiVariables, ...relay.variables };
    const connected = withRunId({ ...environment, pulumiVariables }, facts.runId);
    const engine = pulumiEngine(repositoryRoot, connected, interruption);
    const run = (observer: RolloutObserver) => {
      const preview = operation(engine.preview, observer);
      const operate: LayerOperation = async (layer) => upToDate.get(layer) ?? (await preview(layer));
      return runTogether(layers, operate, observer, relay);
    };
    const shown = { layers, atOnce: true };
    const { results, exitCode } = await runRollout("preview", options, facts, shown, run);
    const isUnexpected = options.expectNoChanges === true && results.some(({ changes }) => hasChanges(changes));
    return exitCode === ExitCode.done && isUnexpected ? ExitCode.changesFound : exitCode;
  } finally {
    interruption.dispose();
    relay.close();
  }
}

/** Results of the layers whose plan is known to be empty; of none when their overview cannot be found out, which a preview tells. */
async function upToDateResults(
  environment: Environment,
  layers: readonly LayerName[],
): Promise<ReadonlyMap<LayerName, LayerResult>> {
  const overviews = await layerOverviews(environment, layers).catch(() => undefined);
  if (overviews === undefined) {
    return new Map();
  }
  const names = upToDateLayers(layers, (layer) => overviews.get(layer)?.reasons);
  const results = [...names].map((layer): [LayerName, LayerResult] => {
    const outputs = publicValues(overviews.get(layer)?.state ?? NO_STATE);
    return [layer, { layer, status: "unchanged", durationMs: 0, changes: NO_CHANGES, outputs }];
  });
  return new Map(results);
}
