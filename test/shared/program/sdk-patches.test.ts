import { join } from "node:path";
import { expect } from "chai";
import { execa } from "execa";
import { expectSdkVersion } from "@proliferate-infra/testing/sdk-version";

const network = join(import.meta.dirname, "../../../stacks/network");

/** Runs a program in a layer's folder, with what Pulumi.yaml loads before it or without. Returns what it printed. */
async function printedBy(program: string, preload: readonly string[]): Promise<unknown> {
  const args = [
    ...preload.flatMap((name) => ["--import", name]),
    "--no-warnings",
    "--input-type=module",
    "--eval",
    program,
  ];
  const { stdout } = await execa("node", args, { cwd: network });
  return JSON.parse(stdout) as unknown;
}

const PATCHED = ["@proliferate-infra/shared/program/fast-start"];

describe("the patched SDK of a layer's program", function () {
  this.timeout(60_000);

  it("is loaded without function serialization", async () => {
    expectSdkVersion("3.270.0");
    const loaded = `import { createRequire } from "node:module";
      await import("@pulumi/aws");
      const names = ["typescript", "pacote", "sigstore"];
      const files = Object.keys(createRequire(process.cwd() + "/").cache);
      const has = (name) => files.filter((file) => file.includes("/node_modules/" + name + "/")).length > 1;
      console.log(JSON.stringify([files.length, names.filter(has)]));`;
    const [all] = (await printedBy(loaded, [])) as [number];
    const [few, names] = (await printedBy(loaded, PATCHED)) as [number, string[]];
    expect(names).to.deep.equal([]);
    expect(few).to.be.lessThan(all - 300);
  });

  it("still serializes functions, and finds the packages that they need", async () => {
    expectSdkVersion("3.270.0");
    const texts = `const pulumi = await import("@pulumi/pulumi");
      const two = 2;
      const { text } = await pulumi.runtime.serializeFunction((one) => one + two);
      const paths = [...(await pulumi.runtime.computeCodePaths()).keys()];
      console.log(JSON.stringify([text, paths]));`;
    const patched = await printedBy(texts, PATCHED);
    expect(patched).to.deep.equal(await printedBy(texts, []));
    expect(JSON.stringify(patched)).to.contain("one + two");
  });

  it("does not change Node.js's stack traces", async () => {
    expectSdkVersion("3.270.0");
    // The first lines of the SDK's runner, cmd/run/index.js.
    const program = `import { createRequire } from "node:module";
      const before = Error.prepareStackTrace;
      createRequire(createRequire(process.cwd() + "/").resolve("@pulumi/pulumi"))("source-map-support/register");
      console.log(JSON.stringify(Error.prepareStackTrace === before));`;
    expect(await printedBy(program, [])).to.equal(false);
    expect(await printedBy(program, PATCHED)).to.equal(true);
  });
});
