import { expect } from "chai";
import { layers, type LayerName } from "@proliferate-infra/shared/layers";
import { readSettings, type ConfiguredValue } from "@proliferate-infra/shared/settings/read-settings";
import { LOCAL_STACK } from "@proliferate-infra/backend/environment/local-names";
import { localSettings } from "@proliferate-infra/orchestrator/commands/local/settings";

/** Reads the local settings as the layer's program would. */
function read<Name extends LayerName>(layer: Name) {
  const { plain, secret } = localSettings(layer);
  const values = new Map<string, ConfiguredValue>();
  for (const [key, value] of plain) {
    values.set(key, { text: String(value), secret: false });
  }
  for (const [key, make] of secret) {
    values.set(key, { text: make(), secret: true });
  }
  return readSettings({ layer, stack: LOCAL_STACK, values });
}

describe("settings of the local environment", () => {
  for (const { name } of layers) {
    it(`are complete and valid in ${name}`, () => {
      expect(read(name).faults).to.deep.equal([]);
    });
  }

  it("ask for nothing that the emulator cannot do", () => {
    const { settings } = read("services");
    expect(settings?.gatewayMinCount).to.equal(settings?.gatewayMaxCount);
    expect(settings?.llmProxyMinCount).to.equal(settings?.llmProxyMaxCount);
    expect(settings?.workerMinCount).to.equal(settings?.workerMaxCount);
    expect(settings?.gatewayImageTag).to.equal(undefined);
    expect(read("data").settings?.redisReplicationEnabled).to.equal(true);
  });

  it("have other secrets each time", () => {
    const [first, second] = [localSettings("secrets"), localSettings("secrets")];
    for (const [key, make] of first.secret) {
      expect(make(), key).not.to.equal(second.secret.get(key)?.());
    }
  });
});
