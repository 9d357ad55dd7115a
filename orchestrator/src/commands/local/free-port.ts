/** A TCP port on 127.0.0.1 that nobody listens on. */
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";

/** `preferred` when it is free, else one that the system chooses. Another program may take it before it is used. */
export async function freePort(preferred?: number): Promise<number> {
  if (preferred !== undefined && (await tryToListen(preferred)) !== undefined) {
    return preferred;
  }
  const chosen = await tryToListen(0);
  if (chosen === undefined) {
    throw new Error("The system has no free TCP port on 127.0.0.1.");
  }
  return chosen;
}

async function tryToListen(port: number): Promise<number | undefined> {
  const server = createServer().listen({ port, host: "127.0.0.1" });
  try {
    await once(server, "listening");
    return (server.address() as AddressInfo).port;
  } catch {
    return undefined;
  } finally {
    server.close();
  }
}
