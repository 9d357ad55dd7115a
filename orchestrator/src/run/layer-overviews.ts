/** How layers stand against their last good deployment: what a deployment would run, and why. Reads only. */
import { layerNames, type LayerName } from "@proliferate-infra/shared/layers";
import type { Environment } from "@proliferate-infra/backend/environment/environment";
import { currentFingerprint } from "../decide/fingerprint.ts";
import { pulumiVersion } from "../pulumi/version.ts";
import { Ledger } from "../history/ledger.ts";
import type { LayerRecord } from "../history/records.ts";
import { reasonsToRun } from "../decide/reasons.ts";
import { withObjectStore } from "@proliferate-infra/backend/storage/open";
import { repositoryRoot } from "@proliferate-infra/backend/root";
import { NO_STATE, type LayerState } from "@proliferate-infra/backend/pulumi-files/state";
import { OutputHasher } from "@proliferate-infra/backend/pulumi-files/output-hashes";
import { readStates } from "@proliferate-infra/backend/pulumi-files/read-states";

/** How a layer stands. */
export interface LayerOverview {
  /** Undefined when no rollout has run it yet. */
  readonly record: LayerRecord | undefined;
  readonly state: LayerState;
  /** Why a deployment would run it; undefined when it would not. */
  readonly reasons: readonly string[] | undefined;
}

/** Overviews of `layers`, in their order. */
export async function layerOverviews(
  environment: Environment,
  layers: readonly LayerName[],
): Promise<ReadonlyMap<LayerName, LayerOverview>> {
  const { stack } = environment;
  return withObjectStore(environment.state, async (store) => {
    const [cliVersion, records, states] = await Promise.all([
      pulumiVersion(),
      new Ledger(store, stack).layers(),
      readStates(store, stack, layerNames),
    ]);
    const hasher = new OutputHasher({ ...process.env, ...environment.pulumiVariables });
    const context = { root: repositoryRoot, stack, cliVersion, hasher };
    const overviews = layers.map(async (layer) => {
      const state = states.get(layer) ?? NO_STATE;
      const record = records.get(layer);
      const now = await currentFingerprint(context, layer, states);
      return [layer, { record, state, reasons: reasonsToRun(record, now, state) }] as const;
    });
    return new Map(await Promise.all(overviews));
  });
}
