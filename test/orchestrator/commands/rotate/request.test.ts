import { expect } from "chai";
import fc from "fast-check";
import { catalog, settingOf, type SettingKey } from "@proliferate-infra/shared/settings/catalog";
import { layerNames } from "@proliferate-infra/shared/layers";
import { UserError } from "@proliferate-infra/backend/errors";
import { generatedValues } from "@proliferate-infra/orchestrator/settings/generated";
import {
  concernedLayers,
  givenValues,
  refuseLoss,
  rotatedKeys,
} from "@proliferate-infra/orchestrator/commands/rotate/request";

const secrets = (Object.keys(catalog) as SettingKey[]).filter((key) => settingOf(key).secret);
const generated = secrets.filter((key) => settingOf(key).generated === true);

describe("the arguments of a rotation", () => {
  it("is a list of the catalog's secrets, each once", () => {
    expect(rotatedKeys(["e2bApiKey", "dbPassword", "e2bApiKey"])).to.deep.equal(["dbPassword", "e2bApiKey"]);
    expect(() => rotatedKeys(["gatewayPort"])).to.throw(UserError, /gatewayPort: no such secret.*anthropicApiKey/);
    expect(() => rotatedKeys([])).to.throw(UserError, /Name the secrets/);
  });

  it("have an effect for every secret", () => {
    for (const key of secrets) {
      expect(settingOf(key).rotation?.effect, key).to.match(/^[A-Z].*\.$/);
    }
  });

  it("lose nothing without consent", () => {
    const losing = secrets.filter((key) => settingOf(key).rotation?.loses !== undefined);
    expect(losing).to.include.members(["userSecretsEncryptionKey", "llmProxyMasterKey"]);
    for (const key of losing) {
      const loss = settingOf(key).rotation?.loses ?? "";
      expect(() => {
        refuseLoss([key], ["something-else"]);
      }).to.throw(UserError, `--accept ${loss}`);
      refuseLoss([key], [loss]);
    }
    refuseLoss(
      secrets.filter((key) => !losing.includes(key)),
      [],
    );
  });

  it("deploys from the first layer that reads a key to the last layer", () => {
    expect(concernedLayers(["anthropicApiKey"])).to.deep.equal(["secrets", "services"]);
    for (const key of ["dbPassword", "redisAuthToken", "databaseUrlOverride"] as const) {
      expect(concernedLayers(["anthropicApiKey", key])).to.deep.equal(["data", "secrets", "services"]);
    }
    fc.assert(
      fc.property(fc.subarray(secrets, { minLength: 1 }), (keys) => {
        const layers = concernedLayers(keys);
        expect(layers).to.deep.equal(layerNames.slice(-layers.length));
        expect(layers).to.include.members(keys.flatMap((key) => settingOf(key).layers));
      }),
    );
  });
});

describe("new values", () => {
  it("of one secret are the text, without the newline that ends it", () => {
    expect(givenValues(["e2bApiKey"], "e2b-key\n").get("e2bApiKey")).to.equal("e2b-key");
    expect(givenValues(["extraSecrets"], '{"A": "b"}').get("extraSecrets")).to.equal('{"A": "b"}');
  });

  it("of several secrets are one JSON object with exactly these keys", () => {
    const keys = ["modalTokenId", "modalTokenSecret"] as const;
    const values = givenValues(keys, JSON.stringify({ modalTokenSecret: "s", modalTokenId: "i" }));
    expect([...values]).to.deep.equal([
      ["modalTokenId", "i"],
      ["modalTokenSecret", "s"],
    ]);
    for (const text of ["{}", "[]", "null", "s", '{"modalTokenId":"i"}', '{"modalTokenId":"i","modalTokenSecret":1}']) {
      expect(() => givenValues(keys, text), text).to.throw(UserError, /one JSON object/);
    }
    expect(() => givenValues(keys, '{"modalTokenId":"i","modalTokenSecret":"s","e2bApiKey":"e"}')).to.throw(UserError);
  });

  it("are refused without being printed when they are not allowed", () => {
    const refusal = () => givenValues(["dbPassword"], "sp@ce canary");
    expect(refusal).to.throw(UserError, /new value of dbPassword is not allowed; it must be 8 to 128/);
    expect(refusal).not.to.throw(/canary/);
  });

  it("are generated as the catalog allows, never the same twice", () => {
    const first = generatedValues(generated);
    const second = generatedValues(generated);
    expect([...first.keys()]).to.deep.equal(generated);
    for (const [key, value] of first) {
      expect(settingOf(key).kind.parse(value), key).to.equal(value);
      expect(value.length, key).to.be.at.least(43);
      expect(second.get(key)).not.to.equal(value);
    }
  });

  it("are not generated for secrets that third parties issue", () => {
    expect(() => generatedValues(["dbPassword", "anthropicApiKey"])).to.throw(UserError, /^anthropicApiKey: /);
  });
});
