/** What SIGINT and SIGTERM do to a rollout. */

/** How a rollout learns that it shall end. */
export interface Interruption {
  /** Forwarded to the engine: aborting sends it one SIGINT. */
  readonly engine: AbortSignal;
  /** Stops the rollout itself: no further layer starts. */
  readonly rollout: AbortSignal;
  /** Stops listening. */
  dispose(): void;
}

/**
 * Listens for SIGINT and SIGTERM. The engine must get one signal, for at the second it ends at once and may lose track of
 * resources: a terminal sends Ctrl-C to the engine too, every other sender does not.
 */
export function listenForSignals(onFirst: () => void, isTerminal: boolean): Interruption {
  const engine = new AbortController();
  const rollout = new AbortController();
  const onSignal = (name: NodeJS.Signals) => {
    if (rollout.signal.aborted) {
      return;
    }
    onFirst();
    rollout.abort();
    if (name === "SIGTERM" || !isTerminal) {
      engine.abort();
    }
  };
  process.on("SIGINT", onSignal).on("SIGTERM", onSignal);
  return {
    engine: engine.signal,
    rollout: rollout.signal,
    dispose: () => {
      process.off("SIGINT", onSignal).off("SIGTERM", onSignal);
    },
  };
}
