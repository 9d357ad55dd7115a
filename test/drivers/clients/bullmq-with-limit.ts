/** A worker of BullMQ on a connection that gives up after some tries, as ioredis does by default. */
import { Worker } from "bullmq";
import { Redis } from "ioredis";
import { reportOutcome } from "../support/outcome.ts";

await reportOutcome(async () => {
  const connection = new Redis(process.env.REDIS_URL ?? "", { maxRetriesPerRequest: 3 });
  await new Worker("jobs", () => Promise.resolve(), { connection }).waitUntilReady();
  return false;
});
