import { expect } from "chai";
import fc from "fast-check";
import { layerNames } from "@proliferate-infra/shared/layers";
import { fullKey } from "@proliferate-infra/shared/settings/fault";
import { planChanges } from "@proliferate-infra/orchestrator/settings/plan-changes";
import { configurationKeys, descriptionOf, type ConfigurationKey } from "@proliferate-infra/orchestrator/settings/keys";
import { sampleConfiguration, sampleValues, type SampleChanges } from "@proliferate-infra/testing/sample-configuration";

const configured = (changes: SampleChanges = {}) => layerNames.map((layer) => sampleConfiguration(layer, changes));
const changesOf = (changes: Readonly<Record<string, string | undefined>>) => new Map(Object.entries(changes));

describe("the plan of a change", () => {
  it("writes a key to all its layers, and no value that is already correct", () => {
    fc.assert(
      fc.property(fc.subarray(Object.entries(sampleValues) as [ConfigurationKey, string][]), (present) => {
        const only = Object.fromEntries(
          Object.keys(sampleValues).map((key) => [key, present.find(([name]) => name === key)?.[1]]),
        );
        const { writes, refused } = planChanges(configured(only), changesOf(sampleValues));
        expect(refused).to.deep.equal([]);
        for (const key of configurationKeys) {
          const { layers, secret } = descriptionOf(key);
          const isMissing = key in sampleValues && only[key] === undefined;
          const writers = writes.filter(({ layer, plain, secret: secrets }) =>
            (secret ? secrets : plain).has(fullKey(layer, key)),
          );
          expect(
            writers.map(({ layer }) => layer),
            key,
          ).to.deep.equal(isMissing ? layerNames.filter((layer) => layers.includes(layer)) : []);
        }
      }),
    );
  });

  it("treats a YAML list like comma-separated values", () => {
    const list = '["10.0.1.0/24","10.0.2.0/24"]';
    const plan = planChanges(
      configured({ privateSubnetCidrs: list }),
      changesOf({ privateSubnetCidrs: "10.0.1.0/24,10.0.2.0/24" }),
    );
    expect(plan.writes).to.deep.equal([]);
  });

  it("writes an inherited key in the first layer, and elsewhere only where it stands already", () => {
    const writersWith = (changes: SampleChanges, text: string | undefined) =>
      planChanges(configured(changes), changesOf({ gatewayPort: text })).writes.map(({ layer }) => layer);
    expect(writersWith({}, "9000")).to.deep.equal(["network"]);
    expect(writersWith({ gatewayPort: "8000" }, "9000")).to.deep.equal(["network", "services"]);
    expect(writersWith({ gatewayPort: "8000" }, undefined)).to.deep.equal(["network", "services"]);
  });

  it("repairs a key that differs between layers, or is a plain-text secret", () => {
    const configurations = layerNames.map((layer) =>
      sampleConfiguration(layer, {
        resourcePrefix: layer === "data" ? "another" : "abc",
        dbPassword: { text: "correct-horse_battery", secret: false },
      }),
    );
    const { writes, refused } = planChanges(
      configurations,
      changesOf({ resourcePrefix: "abc", dbPassword: "correct-horse_battery" }),
    );
    expect(refused).to.deep.equal([]);
    expect(writes).to.have.length(1);
    expect([...(writes[0]?.plain ?? [])]).to.deep.equal([["proliferate-data:resourcePrefix", "abc"]]);
    expect([...(writes[0]?.secret.keys() ?? [])]).to.deep.equal(["proliferate-data:dbPassword"]);
  });

  it("refuses a change that makes settings invalid, without showing a secret", () => {
    for (const [changes, key, words] of [
      [{ appUrl: "nowhere" }, "appUrl", 'is "nowhere"'],
      [{ dbPassword: "c@nary" }, "dbPassword", "has a value that is not allowed"],
      [{ gatewayCpu: "4096" }, "gatewayMemory", "must be one of"],
      [{ vpcCidr: "10.9.0.0/16", publicSubnetCidrs: "10.0.1.0/24,10.0.2.0/24" }, "publicSubnetCidrs", "must lie in"],
      [{ redisTransitEncryption: "true" }, "redisTransitEncryption", "needs redisReplicationEnabled"],
    ] as const) {
      const { refused } = planChanges(configured(), changesOf(changes));
      expect(refused.map((fault) => fault.key)).to.include(key);
      expect(refused.map(({ message }) => message).join("\n"))
        .to.contain(words)
        .and.not.contain("c@nary");
    }
  });

  it("allows steps: earlier errors do not block other keys", () => {
    const { refused, gaps } = planChanges(
      configured({ appUrl: undefined, githubAppId: "no number" }),
      changesOf({ emailFrom: "a@example.com", defaultSandboxProvider: "modal" }),
    );
    expect(refused).to.deep.equal([]);
    expect(gaps.map(({ key }) => key)).to.include.members(["appUrl", "modalTokenId", "modalAppName"]);
  });

  it("removes a key from all layers that have it, even an unknown one", () => {
    const [network, ...others] = configured({ resourcePrefix: "abc" });
    if (network === undefined) {
      throw new Error("There is no network.");
    }
    const values = new Map([...network.values, ["proliferate-network:vpcCdir", { text: "x", secret: false }] as const]);
    const { writes, refused } = planChanges(
      [{ ...network, values }, ...others],
      changesOf({ resourcePrefix: undefined, vpcCdir: undefined }),
    );
    expect(refused).to.deep.equal([]);
    expect(writes.map(({ layer, removed }) => [layer, removed])).to.deep.equal([
      ["network", ["proliferate-network:resourcePrefix", "proliferate-network:vpcCdir"]],
      ["data", ["proliferate-data:resourcePrefix"]],
      ["secrets", ["proliferate-secrets:resourcePrefix"]],
      ["services", ["proliferate-services:resourcePrefix"]],
    ]);
  });
});
