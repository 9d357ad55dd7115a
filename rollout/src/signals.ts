/** What SIGINT, SIGTERM and SIGHUP do to a rollout: the first one ends it in good order, the second one at once. */

/** How a rollout learns that it shall end. */
export interface Interruption {
  /** Aborted by the first signal: the engine gets one too and comes to an orderly end, no further layer starts. */
  readonly requested: AbortSignal;
  /** Aborted by the second signal: the engine ends at once. */
  readonly forced: AbortSignal;
  /** Stops listening. */
  dispose(): void;
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Listens for signals, and tells of them with `say`. */
export function listenForSignals(say: (line: string) => void): Interruption {
  const requested = new AbortController();
  const forced = new AbortController();
  const onSignal = () => {
    if (!requested.signal.aborted) {
      say(
        "Interrupted: the layer at work is brought to an orderly end, which may take a while; no further one starts.",
      );
      requested.abort();
    } else if (!forced.signal.aborted) {
      say(
        "Interrupted again: the layer at work ends at once. What it was creating may exist without being in its state.",
      );
      forced.abort();
    }
  };
  SIGNALS.forEach((name) => process.on(name, onSignal));
  return {
    requested: requested.signal,
    forced: forced.signal,
    dispose: () => {
      SIGNALS.forEach((name) => process.off(name, onSignal));
    },
  };
}
