/** SIGINT, SIGTERM and SIGHUP: the first signal ends a command in an orderly way, the second one at once. */
import { say } from "./say.ts";

/** The signals that a command has received. */
export interface Interruption {
  /** Aborted by the first signal. The engine then completes what it has begun, and no further layer starts. */
  readonly requested: AbortSignal;
  /** Aborted by the second signal. The engine then ends at once. */
  readonly forced: AbortSignal;
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Messages at the first signal and at the second. */
export interface SignalMessages {
  readonly first: string;
  readonly second: string;
}

const DEFAULT_MESSAGES: SignalMessages = {
  first:
    "Interrupted: the running layers complete what they have begun, which may take a while. No further layer starts.",
  second:
    "Interrupted again: the running layers end at once. Resources in creation may exist in AWS without being in the state.",
};

/** Runs `work`. Meanwhile signals abort its interruption instead of ending the process. */
export async function withSignals<T>(
  work: (interruption: Interruption) => Promise<T>,
  messages: SignalMessages = DEFAULT_MESSAGES,
): Promise<T> {
  const requested = new AbortController();
  const forced = new AbortController();
  const onSignal = () => {
    if (!requested.signal.aborted) {
      say(messages.first);
      requested.abort();
    } else if (!forced.signal.aborted) {
      say(messages.second);
      forced.abort();
    }
  };
  SIGNALS.forEach((name) => process.on(name, onSignal));
  try {
    return await work({ requested: requested.signal, forced: forced.signal });
  } finally {
    SIGNALS.forEach((name) => process.off(name, onSignal));
  }
}
