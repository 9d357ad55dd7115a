/** What each layer really reads of the layers before is what the contracts say that it reads. */
import { expect } from "chai";
import { consumedKeys } from "@proliferate-infra/shared/contracts/all-contracts";
import { layers, type LayerName } from "@proliferate-infra/shared/layers";
import { inheritedSettings } from "@proliferate-infra/shared/program/inherited-settings";
import { createDataLayer } from "proliferate-data/data-layer.ts";
import { createSecretsLayer } from "proliferate-secrets/secrets-layer.ts";
import { createServicesLayer } from "proliferate-services/services-layer.ts";
import { recordLayer } from "@proliferate-infra/testing/recorded-layer";
import { sampleConfiguration } from "@proliferate-infra/testing/sample-configuration";
import { upstreamOutputs } from "@proliferate-infra/testing/upstream-outputs";

type Reads = Map<LayerName, Set<string>>;

/** Outputs of a layer that tell which of them are looked at. */
function watched<Name extends LayerName>(name: Name, reads: Reads): ReturnType<typeof upstreamOutputs<Name>> {
  const seen = reads.get(name) ?? new Set<string>();
  reads.set(name, seen);
  return new Proxy(upstreamOutputs(name), {
    get: (outputs, key, receiver): unknown => {
      if (typeof key === "string") {
        seen.add(key);
      }
      return Reflect.get(outputs, key, receiver);
    },
  });
}

/** Runs each layer that reads others, with everything switched on. */
const programs: Readonly<Partial<Record<LayerName, (reads: Reads) => Promise<unknown>>>> = {
  data: (reads) => recordLayer("data", createDataLayer, { upstream: () => ({ network: watched("network", reads) }) }),
  secrets: (reads) =>
    recordLayer("secrets", createSecretsLayer, { upstream: () => ({ data: watched("data", reads) }) }),
  services: async (reads) => {
    const changes = { createS3Bucket: "true", s3Bucket: undefined };
    const upstream = () => ({
      network: watched("network", reads),
      data: watched("data", reads),
      secrets: watched("secrets", reads),
    });
    await inheritedSettings(sampleConfiguration("services", changes), upstream());
    await recordLayer("services", createServicesLayer, { changes, upstream });
  },
};

describe("the declared consumers of outputs", () => {
  for (const { name, upstreams } of layers.filter((layer) => layer.upstreams.length > 0)) {
    it(`are the outputs that ${name} reads`, async () => {
      const reads: Reads = new Map();
      await programs[name]?.(reads);
      for (const upstream of upstreams) {
        expect([...(reads.get(upstream) ?? [])].sort(), upstream).to.deep.equal(
          [...consumedKeys(name, upstream)].sort(),
        );
      }
    });
  }
});
