/** Faults that a person can fix: printed without a stack. */

export class ToolFault extends Error {
  /**
   * @param {string} message what was wrong
   * @param {{ fix?: string, log?: readonly string[] }} [details] `fix`: what to do about it; `log`: the failed step's
   *   last lines
   */
  constructor(message, { fix, log } = {}) {
    super(message);
    this.name = "ToolFault";
    /** @readonly */
    this.fix = fix;
    /** @readonly */
    this.log = log;
  }

  /** @returns {string} for the terminal, several lines */
  describe() {
    const log = this.log === undefined || this.log.length === 0 ? [] : this.log.map((line) => `    | ${line}`);
    const fix = this.fix === undefined ? [] : [`  to fix it: ${this.fix}`];
    return [this.message, ...log, ...fix].join("\n");
  }
}

/**
 * @param {unknown} error
 * @returns {string} a fault's description, else the error with its stack: it is a bug
 */
export function describeError(error) {
  if (error instanceof ToolFault) return error.describe();
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** The official download cannot be used, and the registry is to be tried; never a wrong checksum. */
export class DownloadUnavailable extends Error {}
