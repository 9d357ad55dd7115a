import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { pipelinesByDefault } from "@proliferate-infra/orchestrator/run/default-pipelining";
import { layerByName, layerNames } from "@proliferate-infra/shared/layers";
import { stringify } from "yaml";
import { sampleConfiguration, type SampleChanges } from "@proliferate-infra/testing/sample-configuration";

describe("the default of --pipelined", () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "pipelining-"));
  });
  afterEach(() => {
    rmSync(root, { recursive: true });
  });

  function write(stack: string, changes: SampleChanges = {}): void {
    for (const layer of layerNames) {
      const { values } = sampleConfiguration(layer, changes, stack);
      const entries = [...values].map(([key, { text, secret }]) => [key, secret ? { secure: "v1:a:b" } : text]);
      const folder = join(root, layerByName(layer).directory);
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, `Pulumi.${stack}.yaml`), stringify({ config: Object.fromEntries(entries) as object }));
    }
  }

  it("is true when no resource is protected", () => {
    write("dev-ann");
    expect(pipelinesByDefault(root, "dev-ann", layerNames)).to.equal(true);
  });

  it("is false when resources are protected, by default or by a setting", () => {
    write("prod");
    write("dev-kept", { protectResources: "true" });
    expect(pipelinesByDefault(root, "prod", layerNames)).to.equal(false);
    expect(pipelinesByDefault(root, "dev-kept", ["data"])).to.equal(false);
  });
});
