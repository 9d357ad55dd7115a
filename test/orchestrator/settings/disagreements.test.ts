import { expect } from "chai";
import { stringify } from "yaml";
import { layerNames, type LayerName } from "@proliferate-infra/shared/layers";
import { readSettings } from "@proliferate-infra/shared/settings/read-settings";
import { disagreements } from "@proliferate-infra/orchestrator/settings/disagreements";
import { parseStackFile } from "@proliferate-infra/backend/pulumi-files/stack-file";
import { sampleConfiguration, type SampleChanges } from "@proliferate-infra/testing/sample-configuration";

/** The sample configuration as Pulumi would write it, secrets encrypted. */
function fileOf(layer: LayerName, changes: SampleChanges = {}): string {
  const entries = [...sampleConfiguration(layer, changes).values].map(([key, { text, secret }]) => {
    return [key, secret ? { secure: "v1:AAAA:BBBB" } : text];
  });
  return stringify({ config: Object.fromEntries(entries) as Record<string, unknown> });
}

const configurationOf = (layer: LayerName, text: string) => parseStackFile(layer, "prod", text).configuration;

describe("stack configuration files", () => {
  for (const layer of layerNames) {
    it(`of ${layer} are valid with encrypted secrets`, () => {
      expect(readSettings(configurationOf(layer, fileOf(layer))).faults).to.deep.equal([]);
    });
  }

  it("report a missing secret, a plain secret and an invalid value", () => {
    const text = fileOf("secrets", {
      anthropicApiKey: undefined,
      resendApiKey: { text: "plain-canary", secret: false },
    });
    const { faults } = readSettings(configurationOf("secrets", text));
    expect(faults.map(({ key }) => key)).to.deep.equal(["anthropicApiKey", "resendApiKey"]);
    expect(JSON.stringify(faults)).not.to.contain("plain-canary");
  });

  it("accept YAML's lists, numbers and booleans", () => {
    const text = stringify({
      config: {
        "aws:region": "us-east-1",
        "proliferate-network:enableFlowLogs": true,
        "proliferate-network:gatewayPort": 9000,
        "proliferate-network:dbAllowedCidrs": ["192.0.2.0/24"],
      },
    });
    const { settings } = readSettings({ ...configurationOf("network", text), layer: "network" });
    expect(settings).to.deep.include({ enableFlowLogs: true, gatewayPort: 9000, dbAllowedCidrs: ["192.0.2.0/24"] });
  });

  it("read a map with an encrypted text as a secret", () => {
    const config = { "proliferate-secrets:extraSecrets": { TOKEN: { secure: "v1:AAAA:BBBB" } } };
    const { values } = configurationOf("secrets", stringify({ config }));
    expect(values.get("proliferate-secrets:extraSecrets")).to.deep.equal({ text: undefined, secret: true });
  });

  it("must agree on common keys", () => {
    const configurations = layerNames.map((layer) =>
      configurationOf(
        layer,
        fileOf(layer, layer === "services" ? { resourcePrefix: "other", gatewayPort: "9000" } : {}),
      ),
    );
    expect(disagreements(configurations).map(({ layer, key }) => `${layer} ${key}`)).to.deep.equal([
      "services resourcePrefix",
      "services gatewayPort",
    ]);
    expect(disagreements(layerNames.map((layer) => configurationOf(layer, fileOf(layer))))).to.deep.equal([]);
  });

  /** Faults of the layers when these values are in the files, by layer. */
  const faultsOf = (changes: Partial<Record<LayerName, SampleChanges>>) =>
    disagreements(layerNames.map((layer) => configurationOf(layer, fileOf(layer, changes[layer]))));

  it("agree when one has a default written out that is not set in the other", () => {
    const written = { environment: "prod", resourcePrefix: "proliferate", enableLlmProxy: "true", gatewayPort: "8787" };
    expect(faultsOf({ services: written })).to.deep.equal([]);
    expect(faultsOf({ network: written })).to.deep.equal([]);
    expect(faultsOf({ services: { kmsKeyArn: undefined, protectResources: "true" } })).to.deep.equal([]);
  });

  it("agree when a layer inherits a value, and disagree when it has another", () => {
    expect(faultsOf({ network: { gatewayPort: "9000" } })).to.deep.equal([]);
    const [fault, ...others] = faultsOf({ network: { gatewayPort: "9000" }, services: { gatewayPort: "8787" } });
    expect(others).to.deep.equal([]);
    expect(fault?.message).to.contain("is 8787, but 9000 in network");
  });

  it("report an invalid value once, and show no encrypted one", () => {
    expect(faultsOf({ network: { enableLlmProxy: "perhaps" } })).to.deep.equal([]);
    expect(faultsOf({ network: { resourcePrefix: { text: "canary", secret: true } } })).to.deep.equal([]);
  });
});
