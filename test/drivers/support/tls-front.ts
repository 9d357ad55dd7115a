/** TLS before a server that has none. */
import { once } from "node:events";
import { connect, type AddressInfo, type Socket } from "node:net";
import { createServer } from "node:tls";
import type { Identity } from "./certificates.ts";

/** A front on 127.0.0.1. */
export interface TlsFront {
  readonly port: number;
  readonly stop: () => Promise<void>;
}

/** Presents `identity` and passes what is decrypted on to a port of this machine. */
export async function startTlsFront({ certificate, privateKey }: Identity, targetPort: number): Promise<TlsFront> {
  const sockets = new Set<Socket>();
  const server = createServer({ cert: certificate, key: privateKey }, (client) => {
    const target = connect(targetPort, "127.0.0.1");
    target.pipe(client).pipe(target);
    const endBoth = (): void => {
      client.destroy();
      target.destroy();
    };
    for (const socket of [client, target]) {
      sockets.add(socket);
      // A client that refuses the certificate, or is gone, ends both sides.
      socket.on("error", endBoth).on("close", endBoth);
    }
  });
  server.on("connection", (socket: Socket) => sockets.add(socket));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    stop: async () => {
      sockets.forEach((socket) => socket.destroy());
      server.close();
      await once(server, "close");
    },
  };
}
