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

/** What a person is told at the first signal, and at the second. */
export interface SignalTexts {
  readonly first: string;
  readonly second: string;
}

const DEFAULT_MESSAGES: SignalTexts = {
  first: "Interrupted: the running layer is stopped in order, which may take a while. No further layer starts.",
  second:
    "Interrupted again: the running layer ends at once. What it was creating may exist without being in its state.",
};

/** Listens for signals, and tells of them with `say`: in the words of a rollout, unless there are others. */
export function listenForSignals(say: (line: string) => void, texts: SignalTexts = DEFAULT_MESSAGES): Interruption {
  const requested = new AbortController();
  const forced = new AbortController();
  const onSignal = () => {
    if (!requested.signal.aborted) {
      say(texts.first);
      requested.abort();
    } else if (!forced.signal.aborted) {
      say(texts.second);
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
