import { randomBytes } from "node:crypto";
import { expect } from "chai";
import {
  settingsWithPlaceholders,
  stateWithPlaceholders,
} from "@proliferate-infra/backend/pulumi-files/placeholder-secrets";
import { decryptValue, newPassphraseKey, openDataKey } from "@proliferate-infra/backend/pulumi-files/secrets";
import { parseStackFile } from "@proliferate-infra/backend/pulumi-files/stack-file";
import { NO_STATE, parseState } from "@proliferate-infra/backend/pulumi-files/state";
import { layerNames } from "@proliferate-infra/shared/layers";
import { readSettings } from "@proliferate-infra/shared/settings/read-settings";
import { sampleValues } from "@proliferate-infra/testing/sample-configuration";
import { stackTexts } from "@proliferate-infra/testing/stack-texts";

describe("placeholders for secrets", () => {
  const passphrase = "thrown away";
  const key = newPassphraseKey(passphrase);
  const head = { secretsprovider: "awskms://alias/key?region=us-east-1", encryptedkey: "a2V5" };
  const outputs = {
    gatewaySecretKeys: { value: ["ANTHROPIC_API_KEY", "DATABASE_URL", "OWN", "ONLY_GATEWAY"], ciphertext: undefined },
    workerSecretKeys: { value: ["ANTHROPIC_API_KEY", "DATABASE_URL", "OWN"], ciphertext: undefined },
  };

  it("are valid settings that a new passphrase decrypts, with the names of the operator's own variables", async () => {
    const dataKey = await openDataKey((await key).provider, { PULUMI_CONFIG_PASSPHRASE: passphrase });
    const changes = { extraSecrets: '{"OWN":"canary"}', gatewayExtraSecrets: '{"ONLY_GATEWAY":"canary"}' };
    const texts = stackTexts({ stack: "prod", dataKey: randomBytes(32), head, changes });
    for (const layer of layerNames) {
      const original = parseStackFile(layer, "prod", texts.get(layer) ?? "");
      const copy = parseStackFile(
        layer,
        "prod",
        settingsWithPlaceholders(original, await key, { ...NO_STATE, outputs }),
      );
      expect([...copy.encrypted.keys()]).to.deep.equal([...original.encrypted.keys()]);
      const values = new Map(copy.configuration.values);
      for (const [name, encrypted] of copy.encrypted) {
        values.set(name, { text: decryptValue(dataKey, encrypted), secret: true });
      }
      expect(readSettings({ ...copy.configuration, values }).faults).to.deep.equal([]);
      if (layer === "secrets") {
        const namesOf = (setting: string) =>
          Object.keys(JSON.parse(values.get(`proliferate-secrets:${setting}`)?.text ?? "{}") as object);
        expect([namesOf("extraSecrets"), namesOf("gatewayExtraSecrets")]).to.deep.equal([
          ["OWN"],
          ["OWN", "ONLY_GATEWAY"],
        ]);
        const text = [...values.values()].map((value) => value.text).join("\n");
        expect(text).not.to.contain("canary").and.not.to.contain(sampleValues.githubAppPrivateKey);
      }
    }
  });

  it("replace every secret of a state, and leave out what only AWS or the provider has added", async () => {
    const secret = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", ciphertext: "v1:a:b" };
    const resource = {
      urn: "urn:stack",
      type: "pulumi:pulumi:Stack",
      outputs: { databaseUrl: secret, vpcId: "vpc-1" },
    };
    const version = {
      ...{ urn: "urn:version", type: "aws:secret", id: "id", custom: true },
      inputs: { list: [{ secretString: secret }] },
      outputs: {
        list: [{ secretString: secret }],
        arn: "arn",
        empty: secret,
        __pulumi_raw_state_delta: { obj: secret },
      },
    };
    const latest = { secrets_providers: { type: "cloud", state: head }, resources: [resource, version] };
    const text = stateWithPlaceholders(JSON.stringify({ version: 3, checkpoint: { latest } }), await key);
    expect(text).not.to.contain("v1:a:b").and.not.to.contain("awskms");
    const state = parseState(text, "v");
    expect(state.secretsProvider).to.deep.equal((await key).provider);
    const [, copied] = (JSON.parse(text) as { checkpoint: { latest: { resources: (typeof version)[] } } }).checkpoint
      .latest.resources;
    expect(Object.keys(copied?.outputs ?? {})).to.deep.equal(["list", "arn"]);
    expect(state.outputs.vpcId?.value).to.equal("vpc-1");
    const url = decryptValue((await key).dataKey, state.outputs.databaseUrl?.ciphertext ?? "");
    expect(JSON.parse(url)).to.match(/^postgresql:\/\//);
  });
});
