/**
 * Layers compared with their last good deployment: what a deployment would run, and why. Reads only. Secret outputs that AWS does not
 * let these credentials decrypt count as unchanged.
 */
import { layerNames, type LayerName } from "@proliferate-infra/shared/layers";
import type { Environment } from "@proliferate-infra/backend/environment/environment";
import { currentFingerprint, type FingerprintContext } from "../decide/fingerprint.ts";
import type { Fingerprint } from "../model/fingerprint.ts";
import { pulumiVersion } from "../pulumi/version.ts";
import { Ledger } from "../history/ledger.ts";
import type { LayerRecord } from "../history/records.ts";
import { reasonsToRun } from "../decide/reasons.ts";
import { withObjectStore } from "@proliferate-infra/backend/storage/open";
import { repositoryRoot } from "@proliferate-infra/backend/root";
import { NO_STATE, type LayerState } from "@proliferate-infra/backend/pulumi-files/state";
import { OutputHasher } from "@proliferate-infra/backend/pulumi-files/output-hashes";
import { readStates, type LayerStates } from "@proliferate-infra/backend/pulumi-files/read-states";

/** The present state of a layer, and the record of its last deployment. */
export interface LayerOverview {
  /** Undefined before the first rollout of the layer. */
  readonly record: LayerRecord | undefined;
  readonly state: LayerState;
  /** Of a deployment now. */
  readonly fingerprint: Fingerprint;
  /** Why a deployment would run it; undefined when it would not. */
  readonly reasons: readonly string[] | undefined;
}

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
    const hasher = new OutputHasher({ ...process.env, ...environment.pulumiVariables }, "unknown when refused");
    const context = { root: repositoryRoot, stack, cliVersion, hasher };
    const overviews = layers.map(
      async (layer) => [layer, await layerOverview(context, layer, states, records.get(layer))] as const,
    );
    return new Map(await Promise.all(overviews));
  });
}

/** The overview of one layer; `states` needs the layer and its upstreams. */
export async function layerOverview(
  context: FingerprintContext,
  layer: LayerName,
  states: LayerStates,
  record: LayerRecord | undefined,
): Promise<LayerOverview> {
  const state = states.get(layer) ?? NO_STATE;
  const fingerprint = await currentFingerprint(context, layer, states);
  return { record, state, fingerprint, reasons: reasonsToRun(record, fingerprint, state) };
}
