/** For suites whose tests are steps that build on each other. */

/**
 * Ends the suite at the first failed step: what follows would only fail because of it, after minutes. Mocha's own `bail` would end the
 * other files of a parallel run too.
 */
export function stepsBuildOnEachOther(): void {
  let failed: string | undefined;
  afterEach(function () {
    if (this.currentTest?.state === "failed") {
      failed = this.currentTest.title;
    }
  });
  beforeEach(() => {
    if (failed !== undefined) {
      throw new Error(`The remaining steps are not run, because they build on a step that failed: "${failed}".`);
    }
  });
}
