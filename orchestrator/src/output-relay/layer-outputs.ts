/** One layer's outputs in the relay: names that its program has announced, and values. A reader waits for a value. No I/O. */
import type { RelayedOutput } from "@proliferate-infra/shared/output-relay/protocol";
import type { LayerName } from "@proliferate-infra/shared/layers";

export class LayerOutputs {
  readonly #layer: LayerName;
  readonly #keys = Promise.withResolvers<readonly string[] | null>();
  readonly #deployed = Promise.withResolvers<null>();
  readonly #outputs = new Map<string, PromiseWithResolvers<RelayedOutput>>();
  readonly #unknown = new Map<string, Set<string>>();
  #ended = false;

  constructor(layer: LayerName) {
    this.#layer = layer;
    // An unhandled rejection would end the process, and perhaps no layer reads these.
    this.#keys.promise.catch(() => undefined);
    this.#deployed.promise.catch(() => undefined);
  }

  /** Sets the names of the outputs that the layer's program will publish. */
  announce(keys: readonly string[]): void {
    this.#keys.resolve(keys);
  }

  /** Sets the value of an output. */
  put(key: string, output: RelayedOutput): void {
    this.#slot(key).resolve(output);
  }

  /** Names of the outputs, once announced; null when the layer does not run. Rejects when the layer ends before. */
  keys(): Promise<readonly string[] | null> {
    return this.#keys.promise;
  }

  /** Waits until the layer is deployed. Rejects when it fails. */
  deployed(): Promise<null> {
    return this.#deployed.promise;
  }

  /** Makes readers take the outputs from the state, because the layer does not run. */
  useState(): void {
    this.#keys.resolve(null);
    this.#deployed.resolve(null);
  }

  /** The value of an output, once set. Rejects when the layer ends before. */
  async get(key: string, reader: string): Promise<RelayedOutput> {
    const output = await this.#slot(key).promise;
    if (!output.known) {
      const keys = this.#unknown.get(reader) ?? new Set();
      this.#unknown.set(reader, keys.add(key));
    }
    return output;
  }

  /** Keys whose values were unknown when this reader got them. */
  unknownFor(reader: string): readonly string[] {
    return [...(this.#unknown.get(reader) ?? [])];
  }

  /** Rejects everything that readers still wait for, because the layer's program has ended. */
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
