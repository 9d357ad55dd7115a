/** `rollout preview`: what `up` would do in the selected layers, also where nothing is deployed yet. Changes nothing. */
import type { LayerName } from "@proliferate-infra/shared/layers";
import { findEnvironment, type Environment } from "@proliferate-infra/backend/environment/environment";
import { NO_STATE, publicValues } from "@proliferate-infra/backend/pulumi-files/state";
import { repositoryRoot } from "@proliferate-infra/backend/root";
import { selectLayers } from "../model/selection.ts";
import { hasChanges, resultWithoutRun, type LayerResult } from "../model/results.ts";
import { OutputRelay } from "../output-relay/server.ts";
import { compareLayers, type CompareOptions } from "../run/compare.ts";
import { runConcurrently, upToDateLayers } from "../run/concurrent.ts";
import { layerOverviews } from "../run/layer-overviews.ts";
import { preflight } from "../checks/preflight.ts";
import { say } from "../terminal/say.ts";

export interface PreviewOptions extends CompareOptions {
  /** Also preview layers that have not changed since their last successful deployment. */
  readonly force?: boolean;
}

/** Returns the exit code. */
export async function preview(options: PreviewOptions): Promise<number> {
  const layers = selectLayers(options);
  const found = findEnvironment(repositoryRoot, options.stack, process.env);
  await preflight("preview", { root: repositoryRoot, environment: found, layers, env: process.env }, say);
  const upToDate = options.force === true ? new Map<LayerName, LayerResult>() : await upToDateResults(found, layers);
  const relay = await OutputRelay.open(layers, "previews");
  try {
    [...upToDate.keys()].forEach((layer) => {
      relay.useState(layer);
    });
    const { exitCode } = await compareLayers({
      command: "preview",
      environment: { ...found, pulumiVariables: { ...found.pulumiVariables, ...relay.variables } },
      layers,
      options,
      operation: "preview",
      compare: (operate) => runConcurrently(layers, async (layer) => upToDate.get(layer) ?? operate(layer), relay),
      differs: ({ changes }) => hasChanges(changes),
    });
    return exitCode;
  } finally {
    relay.close();
  }
}

/** Results of the layers whose plan is known to be empty; none when the overviews cannot be read, which the previews report. */
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
    return [layer, resultWithoutRun(layer, { status: "unchanged", outputs })];
  });
  return new Map(results);
}
