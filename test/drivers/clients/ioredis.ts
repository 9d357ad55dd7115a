/** Connects as the application does for its own keys: its URL, and nothing about TLS in the code. */
import { once } from "node:events";
import { TLSSocket } from "node:tls";
import { Redis } from "ioredis";
import { reportOutcome } from "../support/outcome.ts";

await reportOutcome(async () => {
  const redis = new Redis(process.env.REDIS_URL ?? "", {
    maxRetriesPerRequest: 3,
    connectTimeout: 2500,
    lazyConnect: true,
  });
  const failure = once(redis, "error").then(([error]: unknown[]) => {
    throw error as Error;
  });
  await Promise.race([redis.set("key", "value"), failure]);
  return redis.stream instanceof TLSSocket;
});
