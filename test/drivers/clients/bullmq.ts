/** Has a job done as the application does with BullMQ: its URL, and nothing about TLS in the code. */
import { TLSSocket } from "node:tls";
import { Queue, Worker } from "bullmq";
import { Redis } from "ioredis";
import { reportOutcome } from "../support/outcome.ts";

// BullMQ refuses another limit than none: a worker waits for jobs as long as it takes.
const connection = { url: process.env.REDIS_URL ?? "", maxRetriesPerRequest: null, connectTimeout: 2500 };

await reportOutcome(
  () =>
    new Promise<boolean>((resolve, reject) => {
      const queue = new Queue("jobs", { connection })
        .on("error", reject)
        // It would try again for ever.
        .on("ioredis:close", () => {
          reject(new Error("the connection was closed"));
        });
      new Worker("jobs", () => Promise.resolve("done"), { connection }).on("error", reject).on("completed", () => {
        queue.client.then((client) => {
          resolve(client instanceof Redis && client.stream instanceof TLSSocket);
        }, reject);
      });
      queue.add("job", {}).catch(reject);
    }),
);
