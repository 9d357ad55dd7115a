import { expect } from "chai";
import fc from "fast-check";
import { contracts } from "@proliferate-infra/shared/contracts/all-contracts";
import { checkOutputs, type RawOutput } from "@proliferate-infra/shared/contracts/check-outputs";
import type { Contract } from "@proliferate-infra/shared/contracts/contract";
import type { ArnScope } from "@proliferate-infra/shared/values/value-shapes";
import { layerNames, type LayerName } from "@proliferate-infra/shared/layers";
import { goodOutputs } from "@proliferate-infra/testing/upstream-outputs";

const scope: ArnScope = { region: "us-east-1", accountId: "123456789012" };

/** Outputs of a layer as its state holds them. */
function stateOf(layer: LayerName): Record<string, RawOutput> {
  const secretKeys = contracts[layer].secretKeys;
  const entries: [string, unknown][] = Object.entries(goodOutputs[layer]);
  return Object.fromEntries(entries.map(([key, value]) => [key, { value, secret: secretKeys.includes(key) }]));
}

const contractOf = (layer: LayerName): Contract => contracts[layer];
const check = (layer: LayerName, outputs: Record<string, RawOutput>) => checkOutputs(contracts[layer], scope, outputs);

/** Layer and key of every output that is always there. */
const requiredKeys = layerNames.flatMap((layer) =>
  Object.entries(contractOf(layer).schema(scope).shape)
    .filter(([, shape]) => !shape.safeParse(undefined).success)
    .map(([key]) => [layer, key] as const),
);
/** Layer and key of every output. */
const allKeys = layerNames.flatMap((layer) =>
  Object.keys(contractOf(layer).schema(scope).shape).map((key) => [layer, key] as const),
);

describe("contracts", () => {
  for (const layer of layerNames) {
    it(`of ${layer} accept what the layer exports`, () => {
      const { outputs, faults } = check(layer, stateOf(layer));
      expect(faults).to.deep.equal([]);
      expect(outputs).to.deep.equal(stateOf(layer));
    });
  }

  it("refuse a dropped or renamed output and name it", () => {
    for (const [layer, key] of requiredKeys) {
      const { [key]: moved, ...rest } = stateOf(layer);
      expect(check(layer, rest).faults, `${layer}.${key}`).to.deep.equal([{ key, message: "is missing" }]);
      expect(check(layer, { ...rest, [`${key}V2`]: moved ?? { value: "", secret: false } }).faults).to.have.length(1);
    }
  });

  it("refuse an output of another type", () => {
    for (const [layer, key] of allKeys) {
      const value = stateOf(layer)[key]?.value;
      const retyped = typeof value === "string" ? [value] : typeof value === "object" ? "text" : JSON.stringify(value);
      const outputs = {
        ...stateOf(layer),
        [key]: { value: retyped, secret: contracts[layer].secretKeys.includes(key) },
      };
      expect(
        check(layer, outputs).faults.map((fault) => fault.key),
        `${layer}.${key}`,
      ).to.deep.equal([key]);
    }
  });

  it("refuse a secret that the engine has replaced by {}", () => {
    for (const [layer, key] of allKeys) {
      const outputs = { ...stateOf(layer), [key]: { value: {}, secret: true } };
      expect(check(layer, outputs).faults[0]?.message, `${layer}.${key}`).to.contain("cannot be decrypted");
    }
  });

  it("refuse an empty secret and a secret stored as plain text, without showing it", () => {
    const url = "postgresql://user:canary@host:5432/db";
    const plain = check("data", { ...stateOf("data"), databaseUrl: { value: url, secret: false } });
    expect(plain.faults).to.deep.equal([{ key: "databaseUrl", message: "must be secret but is stored as plain text" }]);
    const wrong = check("data", { ...stateOf("data"), databaseUrl: { value: "mysql://canary", secret: true } });
    expect(wrong.faults.map(({ key }) => key)).to.deep.equal(["databaseUrl"]);
    expect(JSON.stringify(wrong.faults)).not.to.contain("canary");
    expect(check("data", { ...stateOf("data"), databaseUrl: { value: "", secret: true } }).faults).to.have.length(1);
  });

  it("refuse ARNs of another account, region or service", () => {
    const arn = (service: string, region: string, account: string) =>
      `arn:aws:${service}:${region}:${account}:secret:x-AbCdEf`;
    const faultOf = (value: string) =>
      check("secrets", { ...stateOf("secrets"), gatewaySecretArn: { value, secret: false } }).faults[0]?.message;
    expect(faultOf(arn("secretsmanager", "us-east-1", "123456789012"))).to.equal(undefined);
    expect(faultOf(arn("secretsmanager", "eu-west-1", "123456789012"))).to.contain("region us-east-1");
    expect(faultOf(arn("secretsmanager", "us-east-1", "210987654321"))).to.contain("account 123456789012");
    expect(faultOf(arn("ecs", "us-east-1", "123456789012"))).to.contain("secretsmanager");
  });

  it("never let an unexpected value through", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...requiredKeys),
        fc.oneof(fc.boolean(), fc.double(), fc.constant(null)),
        ([layer, key], value) => {
          const shape = contractOf(layer).schema(scope).shape;
          const valid = value !== null && shape[key]?.safeParse(value).success === true;
          const outputs = { ...stateOf(layer), [key]: { value, secret: contracts[layer].secretKeys.includes(key) } };
          expect(check(layer, outputs).faults).to.have.length(valid ? 0 : 1);
        },
      ),
    );
  });
});
