/** Progress on stderr, because stdout belongs to what set-up was asked to print. */

/**
 * @typedef {object} Progress
 * @property {(text: string) => void} say
 * @property {<T>(subject: string, text: string, work: () => Promise<T>) => Promise<T>} during says the text before the
 *   work, and the subject with the time now and then while it lasts
 */

/**
 * @param {{ write?: (line: string) => void, now?: () => number, repeatMs?: number }} [options] `repeatMs`: after how long
 *   a step that still runs is named again
 * @returns {Progress}
 */
export function createProgress({
  write = (line) => process.stderr.write(line),
  now = Date.now,
  repeatMs = 30_000,
} = {}) {
  const start = now();
  const say = (/** @type {string} */ text) => write(`[${formatElapsed(now() - start)}] ${text}\n`);
  return {
    say,
    async during(subject, text, work) {
      say(`${subject}: ${text}`);
      const began = now();
      const reminder = setInterval(() => say(`${subject}: ${formatElapsed(now() - began).trim()} so far`), repeatMs);
      reminder.unref();
      try {
        return await work();
      } finally {
        clearInterval(reminder);
      }
    },
  };
}

/** @param {number} milliseconds @returns {string} "     5s", " 1m02s", "61m00s": six characters or more */
export function formatElapsed(milliseconds) {
  const seconds = Math.floor(milliseconds / 1000);
  const minutes = Math.floor(seconds / 60);
  const text = minutes === 0 ? `${seconds}s` : `${minutes}m${String(seconds % 60).padStart(2, "0")}s`;
  return text.padStart(6);
}
