/**
 * Stands between AWS clients and an emulated AWS, and lets chosen calls go wrong: refused, throttled, cut off, slow. Calls are
 * told by the name of their operation (`CreateNatGateway`), those of S3 by method and path (`PUT /bucket/key`).
 */
import { once } from "node:events";
import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** What happens to a call. */
export type Fault =
  /** An answer that no client tries again. */
  | { readonly kind: "refused" }
  /** An answer that every client tries again. */
  | { readonly kind: "throttled" }
  /** The call never reaches AWS, and its connection ends. */
  | { readonly kind: "reset" }
  | { readonly kind: "slow"; readonly ms: number };

interface Rule {
  readonly operation: RegExp;
  readonly fault: Fault;
  /** How many more calls it is for. */
  left: number;
}

/** A running proxy. */
export class FaultProxy {
  /** Operations in the order of their calls. */
  readonly calls: string[] = [];
  /** Operations that went wrong. */
  readonly faulted: string[] = [];
  readonly #server: Server;
  readonly #target: URL;
  #rules: Rule[] = [];

  private constructor(server: Server, target: string) {
    this.#server = server;
    this.#target = new URL(target);
    server.on("request", (call, response) => void this.#answer(call, response));
  }

  /** Starts a proxy on a free port of 127.0.0.1, before the AWS at `target`. */
  static async start(target: string): Promise<FaultProxy> {
    const server = createServer();
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return new FaultProxy(server, target);
  }

  /** Where clients find it. */
  get endpoint(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Lets the next `times` calls of operations that match go wrong. */
  inject(operation: RegExp, fault: Fault, times = Infinity): void {
    this.#rules.push({ operation, fault, left: times });
  }

  /** Lets everything go right again. */
  heal(): void {
    this.#rules = [];
  }

  /** Ends it, with all connections. */
  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }

  async #answer(call: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of call as AsyncIterable<Buffer>) {
      chunks.push(chunk);
    }
    const body = Buffer.concat(chunks);
    const operation = operationOf(call, body);
    this.calls.push(operation);
    const fault = this.#faultOf(operation);
    if (fault !== undefined) {
      this.faulted.push(operation);
    }
    if (fault?.kind === "reset") {
      response.destroy();
    } else if (fault?.kind === "refused" || fault?.kind === "throttled") {
      answerError(call, response, fault.kind);
    } else {
      await sleep(fault?.kind === "slow" ? fault.ms : 0);
      this.#forward(call, body, response);
    }
  }

  #faultOf(operation: string): Fault | undefined {
    const rule = this.#rules.find(({ operation: wanted, left }) => left > 0 && wanted.test(operation));
    if (rule !== undefined) {
      rule.left -= 1;
    }
    return rule?.fault;
  }

  #forward({ method, url, headers }: IncomingMessage, body: Buffer, response: ServerResponse): void {
    const { hostname, port } = this.#target;
    const forwarded = request({ hostname, port, method, path: url, headers, agent: false }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    // The client sees what it would see of an AWS that has gone.
    forwarded.once("error", () => response.destroy());
    forwarded.end(body);
  }
}

/** JSON services name the operation in a header, query services in the body, S3 not at all. */
function operationOf({ method = "", url = "", headers }: IncomingMessage, body: Buffer): string {
  const target = headers["x-amz-target"];
  if (typeof target === "string") {
    return target.split(".").at(-1) ?? target;
  }
  const action = isQuery(headers) ? new URLSearchParams(body.toString()).get("Action") : null;
  return action ?? `${method} ${decodeURIComponent(url.split("?", 1)[0] ?? "")}`;
}

function isQuery(headers: IncomingMessage["headers"]): boolean {
  return headers["content-type"]?.startsWith("application/x-www-form-urlencoded") === true;
}

const ERRORS = {
  refused: { status: 403, code: "AccessDeniedException", message: "Refused by the test." },
  throttled: { status: 400, code: "ThrottlingException", message: "Rate exceeded" },
} as const;

/** An error in the words of the protocol that was spoken: JSON, or one of XML's two forms. */
function answerError({ headers }: IncomingMessage, response: ServerResponse, kind: keyof typeof ERRORS): void {
  const { status, code, message } = ERRORS[kind];
  const inner = `<Code>${code}</Code><Message>${message}</Message>`;
  if (headers["x-amz-target"] !== undefined) {
    const type = { "content-type": "application/x-amz-json-1.1" };
    response.writeHead(status, type).end(JSON.stringify({ __type: code, message }));
  } else if (!isQuery(headers)) {
    response.writeHead(status, { "content-type": "application/xml" }).end(`<Error>${inner}</Error>`);
  } else {
    // EC2 has a form of its own; a client of another query service finds its form inside as well.
    const isEc2 = headers.authorization?.includes("/ec2/") === true;
    const body = isEc2
      ? `<Response><Errors><Error>${inner}</Error></Errors><RequestID>test</RequestID></Response>`
      : `<ErrorResponse><Error><Type>Sender</Type>${inner}</Error><RequestId>test</RequestId></ErrorResponse>`;
    response.writeHead(status, { "content-type": "text/xml" }).end(body);
  }
}
