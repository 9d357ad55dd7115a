/** How layers stand against their last good deployment: what a deployment would run, and why. Reads only. */
import { layerNames, type LayerName } from "@proliferate-infra/shared/layers";
import type { Environment } from "./environment/environment.ts";
import { currentFingerprint } from "./fingerprint/current-fingerprint.ts";
import { pulumiVersion } from "./tool-version.ts";
import { Ledger } from "./ledger/ledger.ts";
import type { LayerRecord } from "./ledger/ledger-records.ts";
import { reasonsToRun } from "./ledger/skip-decision.ts";
import { openObjectStore } from "./object-store/object-store.ts";
import { repositoryRoot } from "./rollout-command.ts";
import { NO_STATE, type LayerState } from "./state/layer-state.ts";
import { OutputHasher } from "./state/output-hashes.ts";
import { readStates } from "./state/read-states.ts";

/** How a layer stands. */
export interface LayerStanding {
  /** Undefined when no rollout has run it yet. */
  readonly record: LayerRecord | undefined;
  readonly state: LayerState;
  /** Why a deployment would run it; undefined when it would not. */
  readonly reasons: readonly string[] | undefined;
}

/** The standing of `layers` in their order. */
export async function viewLayers(
  environment: Environment,
  layers: readonly LayerName[],
): Promise<ReadonlyMap<LayerName, LayerStanding>> {
  const { stack } = environment;
  const store = await openObjectStore(environment.state);
  try {
    const [cliVersion, records, states] = await Promise.all([
      pulumiVersion(),
      new Ledger(store, stack).layers(),
      readStates(store, stack, layerNames),
    ]);
    const hasher = new OutputHasher({ ...process.env, ...environment.pulumiVariables });
    const context = { root: repositoryRoot, stack, cliVersion, hasher };
    const standings = layers.map(async (layer) => {
      const state = states.get(layer) ?? NO_STATE;
      const record = records.get(layer);
      const now = await currentFingerprint(context, layer, states);
      return [layer, { record, state, reasons: reasonsToRun(record, now, state) }] as const;
    });
    return new Map(await Promise.all(standings));
  } finally {
    store.close();
  }
}
