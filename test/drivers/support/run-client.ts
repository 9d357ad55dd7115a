/** Runs a client program with the environment of a task and nothing else. */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { outcomeSchema, type Outcome } from "./outcome.ts";

const programs = {
  "postgres.js": new URL("../clients/postgres-js.ts", import.meta.url),
  "node-postgres": new URL("../clients/node-postgres.ts", import.meta.url),
  ioredis: new URL("../clients/ioredis.ts", import.meta.url),
  BullMQ: new URL("../clients/bullmq.ts", import.meta.url),
  "BullMQ with a limit": new URL("../clients/bullmq-with-limit.ts", import.meta.url),
};

/** A process of its own for each connection, since Node reads NODE_EXTRA_CA_CERTS when it starts. */
export async function runClient(
  client: keyof typeof programs,
  env: Readonly<Record<string, string>>,
): Promise<Outcome> {
  const program = fileURLToPath(programs[client]);
  const { stdout } = await promisify(execFile)(process.execPath, [program], { env, timeout: 20_000 });
  return outcomeSchema.parse(JSON.parse(stdout));
}
