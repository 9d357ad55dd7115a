/** A layer's side of the relay: reads outputs of other layers and publishes its own. */
import { request } from "node:http";
import type { LayerName } from "../layers.ts";
import {
  relayedKeys,
  relayAddress,
  relayedOutput,
  RELAY_VARIABLE,
  READER_HEADER,
  TOKEN_HEADER,
  type RelayAddress,
  type RelayedOutput,
} from "./protocol.ts";

/** The relay of the rollout that runs this program. */
export class RelayClient {
  readonly #address: RelayAddress;
  readonly #reader: LayerName;

  /** `reader` is the layer whose program this is. */
  constructor(address: RelayAddress, reader: LayerName) {
    this.#address = address;
    this.#reader = reader;
  }

  /** Whether outputs of `layer` are relayed. */
  covers(layer: LayerName): boolean {
    return this.#address.layers.includes(layer);
  }

  /** Whether this layer's outputs are wanted. */
  wants(layer: LayerName, isPreview: boolean): boolean {
    return this.covers(layer) && (this.#address.previews || !isPreview);
  }

  /** Announces which outputs this layer has. */
  async announce(layer: LayerName, keys: readonly string[]): Promise<void> {
    await this.#call("PUT", `/outputs/${layer}`, keys);
  }

  async publish(layer: LayerName, key: string, output: RelayedOutput): Promise<void> {
    await this.#call("PUT", `/outputs/${layer}/${key}`, output);
  }

  /** Names of a layer's outputs, once it has announced them; null when they must be read from its state. */
  async keysOf(layer: LayerName): Promise<readonly string[] | null> {
    return relayedKeys.parse(JSON.parse(await this.#call("GET", `/outputs/${layer}`)));
  }

  /** One output of a layer, once it is published. */
  async output(layer: LayerName, key: string): Promise<RelayedOutput> {
    return relayedOutput.parse(JSON.parse(await this.#call("GET", `/outputs/${layer}/${key}`)));
  }

  /** Returns when a layer is completely deployed. */
  async deployed(layer: LayerName): Promise<void> {
    await this.#call("GET", `/deployed/${layer}`);
  }

  /** Rejects with the text of the answer unless its status is 200. */
  #call(method: string, path: string, body?: unknown): Promise<string> {
    const { socket: socketPath, token } = this.#address;
    const headers = { [TOKEN_HEADER]: token, [READER_HEADER]: this.#reader };
    return new Promise((resolve, reject) => {
      const call = request({ socketPath, method, path, headers, agent: false }, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () => {
          const text = Buffer.concat(chunks).toString();
          if (response.statusCode === 200) {
            resolve(text);
          } else {
            reject(new Error(text));
          }
        });
      });
      call.on("error", (error) => {
        reject(new Error(`The rollout that relays outputs between layers has ended: ${error.message}`));
      });
      call.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }
}

/**
 * The relay of the rollout that runs this program; undefined for a program that runs alone, or after its upstreams.
 *
 * @throws Error when the variable does not have the form that a rollout gives it.
 */
export function relayOfThisRun(reader: LayerName, env: NodeJS.ProcessEnv = process.env): RelayClient | undefined {
  const text = env[RELAY_VARIABLE];
  return text === undefined ? undefined : new RelayClient(relayAddress.parse(JSON.parse(text)), reader);
}
