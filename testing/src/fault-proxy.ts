/**
 * A proxy between AWS clients and an emulated AWS that makes selected calls fail: refused, throttled, cut off, slow. A
 * call is identified by its operation (`CreateNatGateway`), or for S3 by method and path (`PUT /bucket/key`).
 */
import { once } from "node:events";
import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** What the proxy does to a call. */
export type Fault =
  /** An error response that clients do not retry; `code` is AWS's, by default AccessDeniedException. */
  | { readonly kind: "refused"; readonly code?: string }
  /** The error response of an AWS session that has ended. */
  | { readonly kind: "expired" }
  /** An error response that every client retries. */
  | { readonly kind: "throttled" }
  /** The proxy closes the connection without forwarding the call. */
  | { readonly kind: "reset" }
  | { readonly kind: "slow"; readonly ms: number }
  /** The proxy forwards the call as soon as `until` is settled or `heal` is called. */
  | { readonly kind: "held"; readonly until: Promise<unknown> }
  /** AWS does what the call asks for, and the proxy answers only when `heal` is called. */
  | { readonly kind: "unanswered" };

interface Rule {
  readonly operation: RegExp;
  readonly fault: Fault;
  /** Number of further calls that the rule applies to. */
  left: number;
}

export class FaultProxy {
  /** All operations, in call order. */
  readonly calls: string[] = [];
  /** Operations that the proxy made fail. */
  readonly faulted: string[] = [];
  /** Operations that AWS has done and the proxy has not answered. */
  readonly unanswered: string[] = [];
  readonly #server: Server;
  readonly #target: URL;
  #rules: Rule[] = [];
  #healed = Promise.withResolvers<undefined>();

  private constructor(server: Server, target: string) {
    this.#server = server;
    this.#target = new URL(target);
    server.on("request", (call, response) => void this.#answer(call, response));
  }

  /** Starts a proxy on a free port of 127.0.0.1 that forwards to the AWS at `target`. */
  static async start(target: string): Promise<FaultProxy> {
    const server = createServer();
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return new FaultProxy(server, target);
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Makes the next `times` matching calls fail. */
  inject(operation: RegExp, fault: Fault, times = Infinity): void {
    this.#rules.push({ operation, fault, left: times });
  }

  /** Removes all rules, so that held and later calls succeed. */
  heal(): void {
    this.#rules = [];
    this.#healed.resolve(undefined);
    this.#healed = Promise.withResolvers();
  }

  /** Stops the proxy and closes all connections. */
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
    } else if (fault?.kind === "refused" || fault?.kind === "expired" || fault?.kind === "throttled") {
      answerError(call, response, fault);
    } else {
      await this.#delay(fault);
      this.#forward(call, body, response, fault?.kind === "unanswered" ? operation : undefined);
    }
  }

  async #delay(fault: Fault | undefined): Promise<void> {
    if (fault?.kind === "slow") {
      await sleep(fault.ms);
    } else if (fault?.kind === "held") {
      await Promise.race([fault.until, this.#healed.promise]);
    }
  }

  #faultOf(operation: string): Fault | undefined {
    const rule = this.#rules.find(({ operation: wanted, left }) => left > 0 && wanted.test(operation));
    if (rule !== undefined) {
      rule.left -= 1;
    }
    return rule?.fault;
  }

  #forward(
    { method, url, headers }: IncomingMessage,
    body: Buffer,
    response: ServerResponse,
    unanswered: string | undefined,
  ): void {
    const { hostname, port } = this.#target;
    const forwarded = request({ hostname, port, method, path: url, headers, agent: false }, (answer) => {
      if (unanswered !== undefined) {
        this.unanswered.push(unanswered);
      }
      void (unanswered === undefined ? Promise.resolve() : this.#healed.promise).then(() => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      });
    });
    // The client sees the same as when AWS is down.
    forwarded.once("error", () => response.destroy());
    forwarded.end(body);
  }
}

/** Returns a call's operation. JSON services have it in a header, query services in the body, S3 in method and path. */
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
  expired: { status: 400, code: "ExpiredToken", message: "The provided token has expired." },
  throttled: { status: 400, code: "ThrottlingException", message: "Rate exceeded" },
} as const;

/** Returns an error response in the protocol of the call: JSON, or one of two XML formats. */
function answerError(
  { headers }: IncomingMessage,
  response: ServerResponse,
  fault: Extract<Fault, { readonly kind: keyof typeof ERRORS }>,
): void {
  const { status, code, message } = { ...ERRORS[fault.kind], ...fault };
  const inner = `<Code>${code}</Code><Message>${message}</Message>`;
  if (headers["x-amz-target"] !== undefined) {
    const type = { "content-type": "application/x-amz-json-1.1" };
    response.writeHead(status, type).end(JSON.stringify({ __type: code, message }));
  } else if (!isQuery(headers)) {
    response.writeHead(status, { "content-type": "application/xml" }).end(`<Error>${inner}</Error>`);
  } else {
    // EC2 has its own format. The response contains both formats, so that clients of other query services also read it.
    const isEc2 = headers.authorization?.includes("/ec2/") === true;
    const body = isEc2
      ? `<Response><Errors><Error>${inner}</Error></Errors><RequestID>test</RequestID></Response>`
      : `<ErrorResponse><Error><Type>Sender</Type>${inner}</Error><RequestId>test</RequestId></ErrorResponse>`;
    response.writeHead(status, { "content-type": "text/xml" }).end(body);
  }
}
