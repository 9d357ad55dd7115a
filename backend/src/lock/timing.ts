/** Time, injected so that tests need not wait. */
export interface Timing {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** Calls `work` at this interval until the returned function is called. */
  readonly every: (milliseconds: number, work: () => void) => () => void;
  /** A number from 0 up to 1. */
  readonly random: () => number;
}

export const realTiming: Timing = {
  now: Date.now,
  sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
  every: (milliseconds, work) => {
    const timer = setInterval(work, milliseconds).unref();
    return () => {
      clearInterval(timer);
    };
  },
  random: Math.random,
};
