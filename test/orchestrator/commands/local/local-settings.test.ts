import { expect } from "chai";
import { layers, type LayerName } from "@proliferate-infra/shared/layers";
import { readSettings, type ConfiguredValue } from "@proliferate-infra/shared/settings/read-settings";
import { LOCAL_STACK, REGION } from "@proliferate-infra/backend/environment/local-names";
import { localSettings, missingSecrets } from "@proliferate-infra/orchestrator/commands/local/settings";

/** A layer's configuration of the local environment, with new secrets. */
function configurationOf<Name extends LayerName>(layer: Name) {
  const plain = [...localSettings(layer)].map(([key, value]) => [key, { text: String(value), secret: false }] as const);
  const values = new Map<string, ConfiguredValue>([["aws:region", { text: REGION, secret: false }], ...plain]);
  for (const [key, text] of missingSecrets({ layer, stack: LOCAL_STACK, values })) {
    values.set(key, { text, secret: true });
  }
  return { layer, stack: LOCAL_STACK, values };
}

function read<Name extends LayerName>(layer: Name) {
  return readSettings(configurationOf(layer));
}

describe("settings of the local environment", () => {
  for (const { name } of layers) {
    it(`are complete and valid in ${name}`, () => {
      expect(read(name).faults).to.deep.equal([]);
    });
  }

  it("need only features of the emulator", () => {
    const { settings } = read("services");
    expect(settings?.gatewayMinCount).to.equal(settings?.gatewayMaxCount);
    expect(settings?.llmProxyMinCount).to.equal(settings?.llmProxyMaxCount);
    expect(settings?.workerMinCount).to.equal(settings?.workerMaxCount);
    expect(settings?.gatewayImageTag).to.equal(undefined);
    expect(read("data").settings?.redisReplicationEnabled).to.equal(true);
  });

  it("have new secrets each time, and only missing ones", () => {
    const [first, second] = [configurationOf("secrets"), configurationOf("secrets")];
    const secrets = [...first.values].filter(([, { secret }]) => secret);
    expect(secrets.length).to.be.greaterThan(5);
    for (const [key, { text }] of secrets) {
      expect(text, key).not.to.equal(second.values.get(key)?.text);
    }
    expect(missingSecrets(first).size).to.equal(0);
  });
});
