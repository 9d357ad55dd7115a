/**
 * mocha reporter: prints like "spec", adds the run's counts to the file in TEST_COUNTS_FILE, and its failed tests, each
 * with its error, to the file in TEST_FAILURES_FILE.
 */
import { appendFileSync } from "node:fs";
import mocha from "mocha";

export default class CountingReporter extends mocha.reporters.Spec {
  /**
   * @param {import("mocha").Runner} runner
   * @param {import("mocha").MochaOptions} options
   */
  constructor(runner, options) {
    super(runner, options);
    runner.once("end", () => {
      const { passes, failures } = runner.stats ?? { passes: 0, failures: 0 };
      append("TEST_COUNTS_FILE", `${passes} ${failures}\n`);
      append("TEST_FAILURES_FILE", this.failures.map(failureText).join(""));
    });
  }
}

/** @param {mocha.Test} test */
function failureText(test) {
  return `- ${test.fullTitle()}\n  ${test.err?.stack ?? test.err?.message ?? "no error"}\n`;
}

/**
 * @param {string} variable names the file
 * @param {string} text
 */
function append(variable, text) {
  const file = process.env[variable];
  if (file !== undefined) {
    appendFileSync(file, text);
  }
}
