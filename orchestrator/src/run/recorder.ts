/** Records a run and the results of its layers in the ledger, and compares layers with the records of earlier runs. */
import { consumedShapes } from "@proliferate-infra/shared/contracts/output-shape";
import { layerByName, type LayerName } from "@proliferate-infra/shared/layers";
import type { FingerprintContext } from "../decide/fingerprint.ts";
import { isGood, type LayerResult } from "../model/results.ts";
import type { ObjectStore } from "@proliferate-infra/backend/storage/object-store";
import { imagesIn } from "../model/service-images.ts";
import type { OutputHashes } from "@proliferate-infra/backend/pulumi-files/output-hashes";
import { readState, readStates } from "@proliferate-infra/backend/pulumi-files/read-states";
import type { RunRecord } from "../history/records.ts";
import type { Ledger } from "../history/ledger.ts";
import type { RunFacts } from "../model/run-facts.ts";
import { layerOverview, type LayerOverview } from "./layer-overviews.ts";

/** Number of last runs in which the duration of a layer is looked up. */
const COMPARED_RUNS = 10;

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

export class RunRecorder {
  readonly #context: RecorderContext;
  #run: RunRecord;
  #lastWrite: Promise<void> = Promise.resolve();

  constructor(context: RecorderContext) {
    this.#context = context;
    this.#run = {
      ...this.#origin(),
      startedAt: context.facts.startedAt.toISOString(),
      order: [...context.order],
      layers: [],
    };
  }

  /** Records that the run has started. */
  async start(): Promise<void> {
    await this.#context.ledger.saveRun(this.#run);
  }

  /** Records how the run has ended. */
  async finish(results: readonly LayerResult[], exitCode: number): Promise<void> {
    const recorded = new Map(this.#run.layers.map((each) => [each.layer, each]));
    const { store, stack, hasher } = this.#context;
    const layers = results.map(async (result) => {
      const existing = recorded.get(result.layer);
      if (existing !== undefined || !isGood(result.status)) {
        return existing ?? runLayer(result);
      }
      // A layer that did not run has its outputs hashed too, because they may have changed when the run is resumed.
      return runLayer(result, await hasher.hashes(await readState(store, stack, result.layer)));
    });
    const finishedAt = new Date().toISOString();
    this.#run = { ...this.#run, layers: await Promise.all(layers), exitCode, finishedAt };
    await this.#context.ledger.saveRun(this.#run);
  }

  /** Compares a layer with its last good deployment. */
  async inspect(layer: LayerName): Promise<LayerOverview> {
    const { store, stack, ledger } = this.#context;
    const states = await readStates(store, stack, [layer, ...layerByName(layer).upstreams]);
    return layerOverview(this.#context, layer, states, (await ledger.layers()).get(layer));
  }

  /** Milliseconds of the longest of the layer's last runs of this command that changed something; undefined when none did. */
  async longestDuration(layer: LayerName): Promise<number | undefined> {
    const runs = await this.#context.ledger.runs(COMPARED_RUNS);
    const durations = runs
      .filter(({ command }) => command === this.#context.command)
      .flatMap(({ layers }) => layers)
      .filter((each) => each.layer === layer && each.status === "succeeded")
      .map(({ durationMs }) => durationMs);
    return durations.length === 0 ? undefined : Math.max(...durations);
  }

  /** Records a layer's result. One layer after another, because they share the run's record. */
  async record(result: LayerResult): Promise<void> {
    const write = this.#lastWrite.then(() => this.#record(result));
    this.#lastWrite = write.catch(() => undefined);
    await write;
  }

  async #record(result: LayerResult): Promise<void> {
    const { ledger, command, hasher } = this.#context;
    const { layer, status, durationMs, reason } = result;
    const at = new Date().toISOString();
    const { record, state, fingerprint } = await this.inspect(layer);
    const isDeployed = command === "up" && isGood(status);
    const isDestroyed = command === "destroy" && isGood(status);
    const consumed = { ...consumedShapes(layer, layerByName(layer).upstreams) };
    const good = isDeployed ? { fingerprint, at, commit: this.#run.commit, durationMs, consumed } : record?.good;
    await ledger.saveLayer({
      ...this.#origin(),
      ...{ layer, status, at, durationMs, reason },
      good: isDestroyed ? undefined : good,
    });
    const recorded = runLayer(result, await hasher.hashes(state));
    this.#run = { ...this.#run, layers: [...this.#run.layers, recorded] };
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
    ...{ layer, status, durationMs, reason, cause },
    outputs: hashes,
    images: layer === "services" && isGood(status) ? imagesIn(outputs) : undefined,
  };
}
