import { expect } from "chai";
import { layerNames } from "@proliferate-infra/shared/layers";
import { changedSettings, effectLines } from "@proliferate-infra/orchestrator/settings/change-effects";
import { sampleConfiguration, type SampleChanges } from "@proliferate-infra/testing/sample-configuration";

const configured = (changes: SampleChanges) => layerNames.map((layer) => sampleConfiguration(layer, changes));
const kinds = (before: SampleChanges, after: SampleChanges) => {
  const changed = changedSettings(configured(before), configured(after), Object.keys({ ...before, ...after }));
  return changed.map(({ key, effects }) => [key, ...effects.map(({ kind }) => kind)]);
};

describe("the effects of changed settings", () => {
  it("depend on the direction, and defaults count as values", () => {
    expect(kinds({}, { dbAllocatedStorageGb: "40" })).to.deep.equal([["dbAllocatedStorageGb", "deferrable"]]);
    expect(kinds({ dbAllocatedStorageGb: "40" }, {})).to.deep.equal([["dbAllocatedStorageGb", "creation-only"]]);
    expect(kinds({ redisEngineVersion: "7.0" }, { redisEngineVersion: "7.1" })).to.deep.equal([
      ["redisEngineVersion", "deferrable"],
    ]);
    expect(kinds({}, { redisEngineVersion: "7.0" })).to.deep.equal([["redisEngineVersion", "replacement"]]);
    expect(kinds({}, { createS3Bucket: "true" })).to.deep.equal([["createS3Bucket", "rolling"]]);
    expect(kinds({ createS3Bucket: "true" }, {})).to.deep.equal([["createS3Bucket", "rolling", "replacement"]]);
  });

  it("are none where a value is only written down, or written in another way", () => {
    expect(kinds({}, { gatewayCpu: "512", natGateways: "single" })).to.deep.equal([]);
    expect(kinds({ dbAllowedCidrs: "10.1.0.0/16" }, { dbAllowedCidrs: '["10.1.0.0/16"]' })).to.deep.equal([]);
  });

  it("are those of every named secret, because its former value is not known", () => {
    expect(kinds({}, { anthropicApiKey: "another" })).to.deep.equal([["anthropicApiKey", "rolling"]]);
  });

  it("are printed by effect", () => {
    const changed = changedSettings(configured({}), configured({ gatewayCpu: "1024", gatewayMemory: "2048" }), [
      "gatewayCpu",
      "gatewayMemory",
    ]);
    expect(effectLines(changed)).to.have.length(1);
    expect(effectLines(changed)[0]).to.match(/^gatewayCpu, gatewayMemory: rolling deployment/);
  });
});
