import { createRequire } from "node:module";
import { expect } from "chai";
import { LocalWorkspace, PulumiCommand, Stack } from "@pulumi/pulumi/automation/index.js";

/** The version that these patches were compared with: shared/src/program/lean-sdk.ts, plain-stack-traces.ts, pulumi/automation.ts. */
const VERSION = "3.270.0";

const { version } = createRequire(import.meta.url)("@pulumi/pulumi/package.json") as { version: string };

describe("patches of Pulumi's SDK", () => {
  it("were compared with the SDK that is installed", () => {
    expect(version, "Compare the patches with the new SDK, then change VERSION here.").to.equal(VERSION);
  });

  it("replace methods that the SDK has", () => {
    const methods = [LocalWorkspace, Stack, PulumiCommand].flatMap(({ prototype }) =>
      Object.getOwnPropertyNames(prototype),
    );
    expect(methods).to.include.members(["selectStack", "stackOutputs", "info", "run"]);
  });
});
