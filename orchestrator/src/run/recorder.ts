/**
 * What a run remembers of its layers: looks whether a layer must run at all, and keeps what became of it, with the
 * fingerprint of what is deployed now.
 */
import { consumedShapes } from "@proliferate-infra/shared/contracts/output-shape";
import { layerByName, type LayerName } from "@proliferate-infra/shared/layers";
import { currentFingerprint, type FingerprintContext } from "../decide/fingerprint.ts";
import type { Fingerprint } from "../model/fingerprint.ts";
import { isGood, type LayerResult } from "../model/results.ts";
import type { ObjectStore } from "@proliferate-infra/backend/storage/object-store";
import { imagesIn } from "../model/service-images.ts";
import { NO_STATE, type LayerState } from "@proliferate-infra/backend/pulumi-files/state";
import type { OutputHashes } from "@proliferate-infra/backend/pulumi-files/output-hashes";
import { readState, readStates } from "@proliferate-infra/backend/pulumi-files/read-states";
import type { RunRecord } from "../history/records.ts";
import type { Ledger } from "../history/ledger.ts";
import type { RunFacts } from "../model/run-facts.ts";
import { reasonsToRun } from "../decide/reasons.ts";

/** How many of the last runs say how long a layer takes. */
const COMPARED_RUNS = 10;

/** What a run's memory needs. */
export interface RecorderContext extends FingerprintContext {
  readonly store: ObjectStore;
  readonly ledger: Ledger;
  readonly facts: RunFacts;
  readonly command: RunRecord["command"];
  /** Number of the lock that the run holds. */
  readonly fencing: number;
  /** Layers of the run, in its order. */
  readonly order: readonly LayerName[];
}

/** A layer as it stands: its state and what a deployment would be made of. */
export interface InspectedLayer {
  readonly state: LayerState;
  readonly fingerprint: Fingerprint;
}

/** The memory of one run. */
export class RunRecorder {
  readonly #context: RecorderContext;
  #run: RunRecord;
  #keeping: Promise<void> = Promise.resolve();

  constructor(context: RecorderContext) {
    this.#context = context;
    this.#run = {
      ...this.#origin(),
      startedAt: context.facts.startedAt.toISOString(),
      order: [...context.order],
      layers: [],
    };
  }

  /** Keeps that the run has begun. */
  async begin(): Promise<void> {
    await this.#context.ledger.saveRun(this.#run);
  }

  /** Keeps how the run has ended. */
  async finish(results: readonly LayerResult[], exitCode: number): Promise<void> {
    const known = new Map(this.#run.layers.map((each) => [each.layer, each]));
    const { store, stack, hasher } = this.#context;
    const recorded = results.map(async (result) => {
      const kept = known.get(result.layer);
      if (kept !== undefined || !isGood(result.status)) {
        return kept ?? runLayer(result);
      }
      // Nothing has changed in a layer that did not run, but its outputs may have when the run is resumed.
      return runLayer(result, await hasher.hashes(await readState(store, stack, result.layer)));
    });
    const layers = await Promise.all(recorded);
    this.#run = { ...this.#run, layers, exitCode, finishedAt: new Date().toISOString() };
    await this.#context.ledger.saveRun(this.#run);
  }

  /** State and fingerprint of a layer, now. */
  async look(layer: LayerName): Promise<InspectedLayer> {
    const { store, stack } = this.#context;
    const states = await readStates(store, stack, [layer, ...layerByName(layer).upstreams]);
    const fingerprint = await currentFingerprint(this.#context, layer, states);
    return { state: states.get(layer) ?? NO_STATE, fingerprint };
  }

  /** Why a layer must run; undefined when it need not. */
  async reasons(layer: LayerName, { fingerprint, state }: InspectedLayer): Promise<readonly string[] | undefined> {
    const records = await this.#context.ledger.layers();
    return reasonsToRun(records.get(layer), fingerprint, state);
  }

  /** The longest of the layer's last runs of this command that changed something; undefined when none did. */
  async longest(layer: LayerName): Promise<number | undefined> {
    const runs = await this.#context.ledger.runs(COMPARED_RUNS);
    const durations = runs
      .filter(({ command }) => command === this.#context.command)
      .flatMap(({ layers }) => layers)
      .filter((each) => each.layer === layer && each.status === "succeeded")
      .map(({ durationMs }) => durationMs);
    return durations.length === 0 ? undefined : Math.max(...durations);
  }

  /** Keeps what became of a layer; of one after another, because they share the run's record. */
  async keep(result: LayerResult): Promise<void> {
    const kept = this.#keeping.then(() => this.#keep(result));
    this.#keeping = kept.catch(() => undefined);
    await kept;
  }

  async #keep(result: LayerResult): Promise<void> {
    const { ledger, command } = this.#context;
    const { layer, status, durationMs, reason } = result;
    const at = new Date().toISOString();
    const { state, fingerprint } = await this.look(layer);
    const isDeployed = command === "up" && isGood(status);
    const before = (await ledger.layers()).get(layer)?.good;
    const consumed = { ...consumedShapes(layer, layerByName(layer).upstreams) };
    const good = isDeployed ? { fingerprint, at, commit: this.#run.commit, durationMs, consumed } : before;
    const isGone = command === "destroy" && isGood(status);
    await ledger.saveLayer({
      ...this.#origin(),
      ...{ layer, status, at, durationMs },
      ...(reason === undefined ? {} : { reason }),
      ...(good === undefined || isGone ? {} : { good }),
    });
    const outputs = await this.#context.hasher.hashes(state);
    this.#run = { ...this.#run, layers: [...this.#run.layers, runLayer(result, outputs)] };
    await ledger.saveRun(this.#run);
  }

  #origin() {
    const { facts, command, fencing } = this.#context;
    const { runId, by, commit } = facts;
    return { schemaVersion: 1 as const, fencing, runId, command, by, commit };
  }
}

/** A layer in a run's record; `hashes` of its outputs, where they are known. */
function runLayer(result: LayerResult, hashes?: OutputHashes): RunRecord["layers"][number] {
  const { layer, status, durationMs, reason, cause, outputs } = result;
  return {
    ...{ layer, status, durationMs },
    ...(reason === undefined ? {} : { reason }),
    ...(cause === undefined ? {} : { cause }),
    ...(hashes === undefined ? {} : { outputs: hashes }),
    ...(layer === "services" && isGood(status) ? { images: imagesIn(outputs) } : {}),
  };
}
