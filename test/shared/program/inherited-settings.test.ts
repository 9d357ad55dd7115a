import { expect } from "chai";
import * as pulumi from "@pulumi/pulumi";
import { inheritedSettings } from "@proliferate-infra/shared/program/inherited-settings";
import { failureOf } from "@proliferate-infra/testing/failure";
import { sampleConfiguration, type SampleChanges } from "@proliferate-infra/testing/sample-configuration";
import { goodOutputs, upstreamOutputs } from "@proliferate-infra/testing/upstream-outputs";

/** What services gets when network was deployed with these settings. */
function inherited(commonSettings: unknown, changes: SampleChanges = {}) {
  const network = upstreamOutputs("network", { commonSettings });
  const upstream = { network, data: upstreamOutputs("data"), secrets: upstreamOutputs("secrets") };
  return inheritedSettings(sampleConfiguration("services", changes), upstream);
}

const deployed = { ...goodOutputs.network.commonSettings, gatewayPort: "9000", llmProxyPort: "5000" };

describe("inherited settings", () => {
  it("are what the upstream was deployed with", async () => {
    expect(await inherited(deployed)).to.deep.equal({ gatewayPort: 9000, llmProxyPort: 5000 });
  });

  it("are the layer's own where it has a value", async () => {
    expect(await inherited(deployed, { gatewayPort: "9000" })).to.deep.equal({ llmProxyPort: 5000 });
    expect(await inherited(deployed, { gatewayPort: "9000", llmProxyPort: "5000" })).to.deep.equal({});
  });

  it("are not there when an earlier version has deployed the upstream", async () => {
    expect(await inherited(undefined)).to.deep.equal({});
    expect(await inherited({ resourcePrefix: "proliferate" })).to.deep.equal({});
  });

  it("are not there in a preview that does not know them", async () => {
    expect(await inherited(pulumi.unknown)).to.deep.equal({});
  });

  it("must be allowed in this version", async () => {
    const failure = await failureOf(inherited({ ...deployed, gatewayPort: "80" }));
    expect(pulumi.RunError.isInstance(failure)).to.equal(true);
    expect(failure.message).to.contain("network was deployed with gatewayPort 80").and.to.contain("1024");
  });
});
