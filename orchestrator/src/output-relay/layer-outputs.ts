/** One layer's outputs in the relay: what is announced and what is there; those who come early wait. No I/O. */
import type { RelayedOutput } from "@proliferate-infra/shared/output-relay/protocol";
import type { LayerName } from "@proliferate-infra/shared/layers";

/** Outputs of one layer. */
export class LayerOutputs {
  readonly #layer: LayerName;
  readonly #keys = Promise.withResolvers<readonly string[] | null>();
  readonly #deployed = Promise.withResolvers<null>();
  readonly #outputs = new Map<string, PromiseWithResolvers<RelayedOutput>>();
  readonly #unknown = new Map<string, Set<string>>();
  #ended = false;

  constructor(layer: LayerName) {
    this.#layer = layer;
    // Nobody may ask; a rejection that nobody awaits would end the process.
    this.#keys.promise.catch(() => undefined);
    this.#deployed.promise.catch(() => undefined);
  }

  /** The layer's program says which outputs it has. */
  announce(keys: readonly string[]): void {
    this.#keys.resolve(keys);
  }

  /** An output is there. */
  put(key: string, output: RelayedOutput): void {
    this.#slot(key).resolve(output);
  }

  /** Names of the outputs, once announced; null when the layer is left as it is. Rejects when the layer ends before. */
  keys(): Promise<readonly string[] | null> {
    return this.#keys.promise;
  }

  /** Waits until the layer is completely deployed. Rejects when it ends otherwise. */
  deployed(): Promise<null> {
    return this.#deployed.promise;
  }

  /** The layer does not run: its outputs are in its state. */
  useState(): void {
    this.#keys.resolve(null);
    this.#deployed.resolve(null);
  }

  /** An output, once there. Rejects when the layer ends before. */
  async get(key: string, reader: string): Promise<RelayedOutput> {
    const output = await this.#slot(key).promise;
    if (!output.known) {
      const keys = this.#unknown.get(reader) ?? new Set();
      this.#unknown.set(reader, keys.add(key));
    }
    return output;
  }

  /** Keys that this reader got as unknown. */
  unknownFor(reader: string): readonly string[] {
    return [...(this.#unknown.get(reader) ?? [])];
  }

  /** The layer's program has ended: nothing more will come. */
  end(isDeployed: boolean): void {
    this.#ended = true;
    if (isDeployed) {
      this.#deployed.resolve(null);
    }
    this.#deployed.reject(new Error(`The layer ${this.#layer} ended without being deployed.`));
    this.#keys.reject(this.#gone("its outputs"));
    for (const [key, slot] of this.#outputs) {
      slot.reject(this.#gone(key));
    }
  }

  #slot(key: string): PromiseWithResolvers<RelayedOutput> {
    const known = this.#outputs.get(key);
    if (known !== undefined) {
      return known;
    }
    const slot = Promise.withResolvers<RelayedOutput>();
    slot.promise.catch(() => undefined);
    if (this.#ended) {
      slot.reject(this.#gone(key));
    }
    this.#outputs.set(key, slot);
    return slot;
  }

  #gone(what: string): Error {
    return new Error(`The layer ${this.#layer} ended without handing over ${what}.`);
  }
}
