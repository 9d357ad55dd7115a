/**
 * The server of the relay: holds the outputs that the running layers publish, in memory, and sends them to the layers that wait
 * for them. The protocol is in shared/src/output-relay/protocol.ts.
 */
import { messageOf } from "@proliferate-infra/backend/errors";
import { randomBytes, timingSafeEqual } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  announcedKeys,
  relayedOutput,
  RELAY_VARIABLE,
  READER_HEADER,
  TOKEN_HEADER,
  type RelayAddress,
} from "@proliferate-infra/shared/output-relay/protocol";
import type { LayerName } from "@proliferate-infra/shared/layers";
import { LayerOutputs } from "./layer-outputs.ts";

/** Longest path of a socket in bytes: macOS has room for 104, Linux for 108, both with a closing zero (unix(4), unix(7)). */
const LONGEST_PATH = 103;

export class OutputRelay {
  readonly #server: Server;
  readonly #folder: string;
  readonly #address: RelayAddress;
  readonly #outputs: ReadonlyMap<LayerName, LayerOutputs>;

  private constructor(server: Server, folder: string, address: RelayAddress) {
    this.#server = server;
    this.#folder = folder;
    this.#address = address;
    this.#outputs = new Map(address.layers.map((layer) => [layer, new LayerOutputs(layer)]));
    server.on("request", (call, response) => void this.#answer(call, response));
  }

  /**
   * Opens a relay for the outputs of `layers`, on a socket that only this user can reach. `of`: whether the outputs are planned
   * ones or those of a deployment.
   */
  static async open(layers: readonly LayerName[], of: "previews" | "deployments"): Promise<OutputRelay> {
    const folder = mkdtempSync(socketFolder(tmpdir()));
    const address = {
      socket: join(folder, "relay"),
      token: randomBytes(32).toString("base64url"),
      previews: of === "previews",
      layers: [...layers],
    };
    const server = createServer();
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject).listen(address.socket, resolve);
    });
    return new OutputRelay(server, folder, address);
  }

  /** Variables that a layer's program needs to reach the relay. */
  get variables(): Readonly<Record<string, string>> {
    return { [RELAY_VARIABLE]: JSON.stringify(this.#address) };
  }

  /** Ends a layer's outputs with its program. Readers that still wait for one get an error. */
  end(layer: LayerName, isDeployed: boolean): void {
    this.#outputs.get(layer)?.end(isDeployed);
  }

  /** Makes readers take a layer's outputs from its state, because it does not run. */
  useState(layer: LayerName): void {
    this.#outputs.get(layer)?.useState();
  }

  /** Outputs that were unknown when `reader` got them, such as `data.redisUrl`, sorted. */
  unknownInputs(reader: LayerName): readonly string[] {
    const inputs = [...this.#outputs].flatMap(([layer, outputs]) =>
      outputs.unknownFor(reader).map((key) => `${layer}.${key}`),
    );
    return inputs.sort();
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #answer(call: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      this.#demandToken(call);
      const [, kind, layer = "", key] = (call.url ?? "").split("/");
      const outputs = [...this.#outputs].find(([name]) => name === layer)?.[1];
      if (outputs === undefined) {
        throw new Error(`This rollout does not run the layer ${layer}.`);
      }
      const answer =
        call.method === "PUT"
          ? put(outputs, key, await bodyOf(call))
          : await (kind === "deployed" ? outputs.deployed() : get(outputs, key, readerOf(call)));
      response.end(JSON.stringify(answer));
    } catch (error) {
      response.statusCode = 409;
      response.end(messageOf(error));
    }
  }

  #demandToken({ headers }: IncomingMessage): void {
    const given = Buffer.from(String(headers[TOKEN_HEADER]));
    const wanted = Buffer.from(this.#address.token);
    if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) {
      throw new Error("The token is wrong.");
    }
  }
}

/** Beginning of the folder's path: in `temporary`, unless a socket there could not be opened. */
function socketFolder(temporary: string): string {
  const folder = join(temporary, "rollout-");
  return Buffer.byteLength(join(`${folder}123456`, "relay")) > LONGEST_PATH ? "/tmp/rollout-" : folder;
}

function put(outputs: LayerOutputs, key: string | undefined, body: unknown): null {
  if (key === undefined) {
    outputs.announce(announcedKeys.parse(body));
  } else {
    outputs.put(key, relayedOutput.parse(body));
  }
  return null;
}

function get(outputs: LayerOutputs, key: string | undefined, reader: string): Promise<unknown> {
  return key === undefined ? outputs.keys() : outputs.get(key, reader);
}

function readerOf({ headers }: IncomingMessage): string {
  return String(headers[READER_HEADER]);
}

async function bodyOf(call: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of call as AsyncIterable<Buffer>) {
    chunks.push(chunk);
  }
  return JSON.parse(Buffer.concat(chunks).toString());
}
