import { expect } from "chai";
import { undeployedSettings } from "@proliferate-infra/backend/program/deployed-settings";
import type { LayerName } from "@proliferate-infra/shared/layers";
import { commonValuesOf } from "@proliferate-infra/shared/settings/common-values";
import { sampleConfiguration, type SampleChanges } from "@proliferate-infra/testing/sample-configuration";

/** A layer in whose state are the settings of the sample with `changes`. */
function deployed(layer: LayerName, changes: SampleChanges = {}) {
  const value = commonValuesOf(sampleConfiguration(layer, changes));
  return { layer, outputs: { commonSettings: { value, ciphertext: undefined } } };
}

const faults = (layer: LayerName, own: SampleChanges, ...upstreams: readonly ReturnType<typeof deployed>[]) =>
  undeployedSettings(sampleConfiguration(layer, own), upstreams);

describe("common settings that are not those of a deployed upstream", () => {
  it("are reported with both values, both layers and the commands", () => {
    const [fault, ...others] = faults("services", { gatewayPort: "9000" }, deployed("network"), deployed("data"));
    expect(others).to.deep.equal([]);
    expect(fault?.message)
      .to.contain("proliferate-services:gatewayPort is 9000")
      .and.contain("network was deployed with proliferate-network:gatewayPort 8787");
    expect(fault?.fix)
      .to.contain("pulumi config set proliferate-services:gatewayPort 8787 --stack prod --cwd stacks/services")
      .and.contain("scripts/configure.sh set --stack prod 'gatewayPort=9000'")
      .and.contain("scripts/deploy-all.sh --stack prod");
  });

  it("can be a setting that only one of them has", () => {
    const kmsKeyArn = "arn:aws:kms:us-east-1:123456789012:key/0a1b";
    const [added] = faults("data", { kmsKeyArn }, deployed("network"));
    expect(added?.message).to.contain(kmsKeyArn).and.contain("not set");
    expect(added?.fix).to.contain("pulumi config rm proliferate-data:kmsKeyArn");
    const [removed] = faults("data", {}, deployed("network", { kmsKeyArn }));
    expect(removed?.message).to.contain("proliferate-data:kmsKeyArn is not set").and.contain(kmsKeyArn);
    expect(removed?.fix).to.contain("scripts/configure.sh unset --stack prod kmsKeyArn");
  });

  it("are found in every upstream", () => {
    const other = { resourcePrefix: "other" };
    const found = faults("services", {}, deployed("network", other), deployed("data"), deployed("secrets", other));
    expect(found.map(({ message }) => /but (\w+)/.exec(message)?.[1])).to.deep.equal(["network", "secrets"]);
    expect(faults("data", { "aws:region": "eu-west-1" }, deployed("network"))).to.have.length(1);
  });

  it("are none with the default written out, and none that are inherited", () => {
    expect(faults("services", { environment: "prod", gatewayPort: "8787" }, deployed("network"))).to.deep.equal([]);
    expect(faults("services", {}, deployed("network", { resourcePrefix: "proliferate" }))).to.deep.equal([]);
    expect(faults("services", {}, deployed("network", { gatewayPort: "9000" }))).to.deep.equal([]);
  });

  it("are none after an upstream's deployment by an earlier version", () => {
    const own = { gatewayPort: "9000", resourcePrefix: "other" };
    const earlier = { layer: "network" as const, outputs: { vpcId: { value: "vpc-1", ciphertext: undefined } } };
    expect(undeployedSettings(sampleConfiguration("services", own), [earlier])).to.deep.equal([]);
  });

  it("are none when the layer only turns something off before the upstream does, but are when it turns it on", () => {
    const off = { enableLlmProxy: "false", createS3Bucket: "false", protectResources: "false" };
    const on = { enableLlmProxy: "true", createS3Bucket: "true", protectResources: "true" };
    expect(faults("services", off, deployed("network", on), deployed("data", on))).to.deep.equal([]);
    const keys = faults("services", on, deployed("network", off), deployed("data", off)).map(({ message }) =>
      message.slice(0, message.indexOf(" ")),
    );
    expect(new Set(keys)).to.deep.equal(
      new Set(["enableLlmProxy", "createS3Bucket", "protectResources"].map((key) => `proliferate-services:${key}`)),
    );
  });
});
