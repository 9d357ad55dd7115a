/** Options that several commands have. */

/** The variable that names the environment where --stack is left out; `scripts/env.sh` sets it. */
export const STACK_VARIABLE = "ROLLOUT_STACK";

export interface CommonOptions {
  /** Stack name in all layers, such as `prod`. */
  readonly stack: string;
  readonly only?: string;
  readonly from?: string;
  /** Do not ask. */
  readonly yes?: boolean;
  /** How long to wait for another run on the environment, in milliseconds; not at all when left out. */
  readonly lockTimeout?: number;
  /** Folder for report.json, report.md and report.html. */
  readonly report?: string;
  /** One JSON document on standard output, everything else on standard error. */
  readonly json?: boolean;
}
