import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { PulumiCommand } from "@pulumi/pulumi/automation/index.js";
import { localEnvironment } from "@proliferate-infra/backend/environment/local-names";
import { automationCommand, openStack } from "@proliferate-infra/orchestrator/pulumi/sdk-patches";
import { expectSdkVersion } from "@proliferate-infra/testing/sdk-version";

describe("the patched Automation API", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "sdk-patches-"));
    writeFileSync(join(folder, "Pulumi.yaml"), "name: sample\nruntime: nodejs\n");
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it("gets a command with all members of its own", async () => {
    expectSdkVersion("3.270.0");
    const { signal } = new AbortController();
    const interruption = { requested: signal, forced: signal, dispose: () => undefined };
    const command = await automationCommand({ interruption, onStart: () => undefined });
    const own = await PulumiCommand.get({ skipVersionCheck: true });
    expect(command).to.be.instanceOf(PulumiCommand);
    expect(Object.keys(command)).to.include.members(Object.keys(own));
    expect(String(command.version)).to.equal(String(own.version));
  });

  it("runs only the operation on a stack", async () => {
    expectSdkVersion("3.270.0");
    const started: (string | undefined)[] = [];
    const run = ([name]: readonly string[]) => {
      started.push(name);
      return Promise.resolve({ stdout: "", stderr: "", code: 0 });
    };
    const command = Object.assign(Object.create(PulumiCommand.prototype) as PulumiCommand, { run });
    const environment = { stack: "trial", pulumiVariables: {}, state: localEnvironment.state, facts: undefined };
    const stack = await openStack(folder, environment, command);
    await stack.up({ suppressOutputs: true });
    await stack.destroy();
    expect(started).to.deep.equal(["up", "destroy"]);
  });
});
