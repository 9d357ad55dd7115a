import { once } from "node:events";
import { createServer, request } from "node:http";
import { connect, type AddressInfo, type Socket } from "node:net";

/** A forward proxy on this machine: CONNECT for HTTPS, whole addresses for HTTP. */
export interface ForwardProxy {
  /** Without a user. */
  readonly address: string;
  /** What it was asked for, such as `CONNECT localhost:443`. */
  readonly asked: string[];
  close(): Promise<void>;
}

/**
 * Starts a proxy.
 *
 * @param credentials that it wants, such as `user:password`
 * @param routes where hosts are that only the proxy can reach: `localhost:4566` by `aws.test:80`
 */
export async function startForwardProxy(
  credentials?: string,
  routes: Readonly<Record<string, string>> = {},
): Promise<ForwardProxy> {
  const asked: string[] = [];
  const sockets = new Set<Socket>();
  const routed = ({ hostname, port, host }: URL) => routes[`${hostname}:${port === "" ? "80" : port}`] ?? host;
  const wanted = credentials === undefined ? undefined : `Basic ${Buffer.from(credentials).toString("base64")}`;
  const server = createServer((incoming, response) => {
    asked.push(`${String(incoming.method)} ${String(incoming.url)}`);
    if (wanted !== undefined && incoming.headers["proxy-authorization"] !== wanted) {
      response.writeHead(407).end();
      return;
    }
    if (!URL.canParse(incoming.url ?? "")) {
      response.writeHead(400).end("A proxy needs the whole address.");
      return;
    }
    const url = new URL(incoming.url ?? "");
    url.host = routed(url);
    const forwarded = request(url, { method: incoming.method, headers: incoming.headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    forwarded.once("error", () => response.destroy());
    incoming.pipe(forwarded);
  });
  server.on("connection", (socket: Socket) => sockets.add(socket));
  server.on("connect", (incoming, socket: Socket) => {
    asked.push(`CONNECT ${String(incoming.url)}`);
    if (wanted !== undefined && incoming.headers["proxy-authorization"] !== wanted) {
      socket.end("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
      return;
    }
    const { hostname, port } = new URL(`http://${routed(new URL(`http://${String(incoming.url)}`))}`);
    const target = connect(Number(port), hostname, () => {
      socket.write("HTTP/1.1 200 Connection Established\r\n\r\n");
      target.pipe(socket).pipe(target);
    });
    sockets.add(target);
    for (const side of [socket, target]) side.on("error", () => socket.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    address: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    asked,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
