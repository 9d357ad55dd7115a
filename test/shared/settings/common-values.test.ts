import { expect } from "chai";
import { consumedKeys } from "@proliferate-infra/shared/contracts/all-contracts";
import { layerByName, layerNames } from "@proliferate-infra/shared/layers";
import { keysOf, settingOf } from "@proliferate-infra/shared/settings/catalog";
import { commonValuesOf, isInherited } from "@proliferate-infra/shared/settings/common-values";
import type { DecidingValues } from "@proliferate-infra/shared/settings/setting";
import { sampleConfiguration, type SampleChanges } from "@proliferate-infra/testing/sample-configuration";

const valuesOf = (changes: SampleChanges) => commonValuesOf(sampleConfiguration("services", changes));

describe("common settings", () => {
  it("are the keys of several layers and the region, with their defaults", () => {
    const values = valuesOf({ gatewayPort: "9000" });
    expect(values).to.include({
      ...{ "aws:region": "us-east-1", environment: "prod", resourcePrefix: "proliferate", enableLlmProxy: "true" },
      ...{ gatewayPort: "9000", defaultSandboxProvider: "e2b", kmsKeyArn: "" },
    });
    expect(values).not.to.have.any.keys("gatewayMaxCount", "stack");
  });

  it("are the same whether a default is set or not", () => {
    const written = { environment: "prod", resourcePrefix: "proliferate", createS3Bucket: "false" };
    expect(valuesOf(written)).to.deep.equal(valuesOf({}));
  });

  it("do not have inherited, invalid and encrypted values", () => {
    expect(valuesOf({})).not.to.have.any.keys("gatewayPort", "llmProxyPort");
    expect(commonValuesOf(sampleConfiguration("network"))).to.include({ gatewayPort: "8787", llmProxyPort: "4000" });
    expect(valuesOf({ enableLlmProxy: "perhaps" })).not.to.have.property("enableLlmProxy");
    const encrypted = { text: "canary", secret: true };
    expect(JSON.stringify(valuesOf({ resourcePrefix: encrypted }))).not.to.contain("canary");
    expect(valuesOf({ "aws:region": undefined })).not.to.have.property("aws:region");
  });

  it("are never secrets, because layers publish them", () => {
    for (const layer of layerNames) {
      for (const key of keysOf(layer).filter((each) => settingOf(each).layers.length > 1)) {
        expect(settingOf(key).secret, key).to.equal(false);
      }
    }
  });

  it("can only be inherited from a layer whose outputs are read, and with a default that depends on nothing", () => {
    const values = new Proxy({} as DecidingValues, {
      get: (_, name) => {
        throw new Error(`It depends on ${String(name)}.`);
      },
    });
    const inherited = layerNames.flatMap((layer) =>
      keysOf(layer).flatMap((key) => (isInherited(layer, key) ? [[layer, key] as const] : [])),
    );
    expect(inherited).to.deep.include(["services", "gatewayPort"]);
    for (const [layer, key] of inherited) {
      const { layers, default: fallback } = settingOf(key);
      const [first = layer] = layers;
      expect(layerByName(layer).upstreams).to.include(first);
      expect(consumedKeys(layer, first)).to.include("commonSettings");
      expect(fallback?.value(values)).not.to.equal(undefined);
    }
  });
});
