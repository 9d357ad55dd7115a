/** Tries again what fails only as long as somebody else is at work. */
import type { Timing } from "@proliferate-infra/backend/lock/timing";

export interface Retry<Failure extends Error> {
  /** The failure that passes. Every other one ends the tries. */
  readonly failure: new (...details: never[]) => Failure;
  /** Called once, before the first wait. */
  readonly onWait: (failure: Failure) => void;
  /** In milliseconds. */
  readonly everyMs: number;
  /** In milliseconds since 1970. */
  readonly deadline: number;
  /** Ends the wait. */
  readonly signal: AbortSignal;
  readonly timing: Pick<Timing, "now" | "sleep">;
}

/** The result of `work`. Throws its last failure after the deadline or a signal. */
export async function retried<T, Failure extends Error>(work: () => Promise<T>, retry: Retry<Failure>): Promise<T> {
  const { failure, onWait, everyMs, deadline, signal, timing } = retry;
  for (let isFirst = true; ; isFirst = false) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof failure) || signal.aborted || timing.now() >= deadline) {
        throw error;
      }
      if (isFirst) {
        onWait(error);
      }
      await timing.sleep(everyMs);
    }
  }
}
