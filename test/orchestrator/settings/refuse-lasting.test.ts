import { expect } from "chai";
import { stringify } from "yaml";
import { layerNames, type LayerName } from "@proliferate-infra/shared/layers";
import {
  layersAtRisk,
  refuseCreationOnly,
  undeployedChanges,
} from "@proliferate-infra/orchestrator/settings/refuse-lasting";
import { sampleConfiguration, type SampleChanges } from "@proliferate-infra/testing/sample-configuration";

/** The sample configuration as Pulumi would write it, secrets encrypted. */
const textsOf = (changes: SampleChanges) =>
  Object.fromEntries(
    layerNames.map((layer) => {
      const { values } = sampleConfiguration(layer, changes);
      const entries = [...values].map(([key, { text, secret }]) => [key, secret ? { secure: "v1:AAAA:BBBB" } : text]);
      return [layer, stringify({ config: Object.fromEntries(entries) as Record<string, unknown> })];
    }),
  );
const changesOf = (before: SampleChanges, after: SampleChanges, layers: readonly LayerName[] = layerNames) =>
  undeployedChanges("prod", layers, textsOf(before), textsOf(after));

describe("changes of settings that a deployed environment cannot take", () => {
  it("are refused with the way, and the command that restores the deployed value", () => {
    const changes = changesOf({ dbAllocatedStorageGb: "40" }, { dbAllocatedStorageGb: "30" });
    expect(() => {
      refuseCreationOnly("prod", changes);
    })
      .to.throw("dbAllocatedStorageGb")
      .with.property("message")
      .that.matches(/dump/)
      .and.contains("configure.sh set --stack prod dbAllocatedStorageGb=40");
  });

  it("are refused all at once, and restore a default too", () => {
    const changes = changesOf(
      { dbEngineVersion: "17", dbAllocatedStorageGb: "40" },
      { dbEngineVersion: "16", dbAllocatedStorageGb: "20" },
    );
    expect(() => {
      refuseCreationOnly("prod", changes);
    })
      .to.throw("dbEngineVersion=17")
      .with.property("message")
      .that.contains("dbAllocatedStorageGb=40");
  });

  it("are not those that it can take, of another layer, or of an environment that has published none", () => {
    for (const changes of [
      changesOf({}, { dbAllocatedStorageGb: "40" }),
      changesOf({ dbAllocatedStorageGb: "40" }, {}, ["services"]),
      undeployedChanges("prod", layerNames, {}, textsOf({})),
    ]) {
      refuseCreationOnly("prod", changes);
    }
  });

  it("have plans that must be looked at first in the layers of settings that replace resources", () => {
    expect(layersAtRisk(changesOf({}, { dbName: "other", gatewayMemory: "2048" }))).to.deep.equal(["data"]);
    expect(layersAtRisk(changesOf({}, { gatewayMemory: "2048" }))).to.deep.equal([]);
    expect(layersAtRisk(changesOf({ createS3Bucket: "true", s3Bucket: undefined }, {}))).to.deep.equal([
      "data",
      "services",
    ]);
  });
});
