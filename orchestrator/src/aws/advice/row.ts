/** A row of the table of advice. Sources of codes and causes: the lists of errors in each service's API reference, and advice.test.ts. */

export interface AdviceRow {
  /** The problem in a few words. */
  readonly title: string;
  /** AWS's codes, without `Exception` or `Fault` at the end. Empty: the words of `when` are enough. */
  readonly codes: readonly string[];
  /** What the line with the error must contain. Its groups fill the placeholders of `why` and `fix`. */
  readonly when?: RegExp;
  /** What is wrong, and why. */
  readonly why: string;
  /** What to do. Lines that begin with two spaces are commands. `<stack>` and `<region>` are of the environment. */
  readonly fix: string;
}

/** The command that goes on after a failed deployment. */
export const AGAIN = "  ./rollout up --stack <stack> --resume";
