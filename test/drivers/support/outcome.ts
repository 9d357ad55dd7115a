/** What a client program reports to the test, as one line of JSON. */
import { z } from "zod";

export const outcomeSchema = z.union([
  z.object({ connected: z.literal(true), encrypted: z.boolean() }),
  z.object({ connected: z.literal(false), reason: z.string() }),
]);

/** Whether a client got an answer of its server, or why it did not. */
export type Outcome = z.infer<typeof outcomeSchema>;

/** Prints the outcome of `connect`, which returns whether the connection is encrypted, and ends the process. */
export async function reportOutcome(connect: () => Promise<boolean>): Promise<never> {
  let outcome: Outcome;
  try {
    outcome = { connected: true, encrypted: await connect() };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    outcome = { connected: false, reason: `${code ?? ""} ${message}`.trim() };
  }
  process.stdout.write(JSON.stringify(outcome), () => process.exit());
  return new Promise(() => undefined);
}
