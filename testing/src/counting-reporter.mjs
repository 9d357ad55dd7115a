/** mocha reporter: prints like "spec" and adds the run's counts to the file in TEST_COUNTS_FILE. */
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
      const file = process.env["TEST_COUNTS_FILE"];
      if (file !== undefined) {
        appendFileSync(file, `${passes} ${failures}\n`);
      }
    });
  }
}
