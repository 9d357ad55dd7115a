/**
 * The ledger of an environment, beside its state: `.rollout/<stack>/runs/` and `.rollout/<stack>/layers/`. A write succeeds only
 * when the object still has the version that was read, and no later holder of the lock has written it.
 */
import type { z } from "zod";
import { layerNames, type LayerName } from "@proliferate-infra/shared/layers";
import { ExitCode, PrintedError, UserError } from "@proliferate-infra/backend/errors";
import type { ObjectStore } from "@proliferate-infra/backend/storage/object-store";
import { layerRecordSchema, runRecordSchema, type LayerRecord, type RunRecord } from "./records.ts";

/** Attempts of one write. Because of the lock, even a second one is unlikely. */
const TRIES = 5;

/** A later holder of the lock has written: this run must not change anything anymore. */
export class LedgerLost extends PrintedError {
  constructor(message: string) {
    super(message, ExitCode.locked);
  }
}

export class Ledger {
  readonly #store: ObjectStore;
  readonly #folder: string;

  constructor(store: ObjectStore, stack: string) {
    this.#store = store;
    this.#folder = `.rollout/${stack}/`;
  }

  /** Records of all layers that have one. */
  async layers(): Promise<ReadonlyMap<LayerName, LayerRecord>> {
    const records = await Promise.all(layerNames.map((layer) => this.#read(this.#layerKey(layer), layerRecordSchema)));
    return new Map(records.filter((record) => record !== undefined).map((record) => [record.layer, record]));
  }

  async saveLayer(record: LayerRecord): Promise<void> {
    await this.#write(this.#layerKey(record.layer), record, layerRecordSchema);
  }

  /** Saves a run's record, in place of an earlier one of the same run. */
  async saveRun(record: RunRecord): Promise<void> {
    await this.#write(this.#runKey(record), record, runRecordSchema);
  }

  /** The last runs, newest first, at most `limit`. */
  async runs(limit: number): Promise<readonly RunRecord[]> {
    const keys = (await this.#store.list(`${this.#folder}runs/`)).slice(-limit).reverse();
    const records = await Promise.all(keys.map((key) => this.#read(key, runRecordSchema)));
    return records.filter((record) => record !== undefined);
  }

  #layerKey(layer: LayerName): string {
    return `${this.#folder}layers/${layer}.json`;
  }

  /** Sorts by time. */
  #runKey({ startedAt, runId }: RunRecord): string {
    return `${this.#folder}runs/${startedAt.replaceAll(":", "-")}-${runId}.json`;
  }

  async #read<S extends z.ZodType>(key: string, schema: S): Promise<z.infer<S> | undefined> {
    const stored = await this.#store.get(key);
    return stored === undefined ? undefined : parse(key, stored.text, schema);
  }

  async #write<T extends { readonly fencing: number }>(key: string, record: T, schema: z.ZodType<T>): Promise<void> {
    const text = JSON.stringify(record);
    for (let attempt = 1; attempt <= TRIES; attempt += 1) {
      const stored = await this.#store.get(key);
      if (stored !== undefined && parse(key, stored.text, schema).fencing > record.fencing) {
        break;
      }
      if ((await this.#store.putIf(key, text, stored?.version)) !== undefined) {
        return;
      }
    }
    throw new LedgerLost(`Another run has taken over the environment: ${key} is newer than this run's lock.`);
  }
}

function parse<S extends z.ZodType>(key: string, text: string, schema: S): z.infer<S> {
  try {
    return schema.parse(JSON.parse(text));
  } catch (error) {
    throw new UserError(
      `${key}, beside the state, has not the format of this version of rollout: ${String(error)}. Move it away; the layer is then deployed in full.`,
    );
  }
}
