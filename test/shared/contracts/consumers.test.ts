/** What each layer really reads of the layers before is what the contracts say that it reads. */
import { expect } from "chai";
import { createAwsProvider } from "@proliferate-infra/shared/program/aws-provider";
import { consumedKeys } from "@proliferate-infra/shared/contracts/all-contracts";
import { layers, type LayerName } from "@proliferate-infra/shared/layers";
import { createDataLayer } from "proliferate-data/data-layer.ts";
import { createSecretsLayer } from "proliferate-secrets/secrets-layer.ts";
import { createServicesLayer } from "proliferate-services/services-layer.ts";
import { record } from "@proliferate-infra/testing/recording-mocks";
import { sampleSettings } from "@proliferate-infra/testing/sample-settings";
import { upstreamOutputs } from "@proliferate-infra/testing/upstream-outputs";

type Reads = Map<LayerName, Set<string>>;

/** Outputs of a layer that tell which of them are looked at. */
function watched<Name extends LayerName>(name: Name, reads: Reads): ReturnType<typeof upstreamOutputs<Name>> {
  const seen = new Set<string>();
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

const optionsFor = (layer: LayerName) => ({
  aws: createAwsProvider({ region: "us-east-1", environment: "prod" }, layer),
});

/** Runs each layer that reads others, with everything switched on. */
const programs: Readonly<Partial<Record<LayerName, (reads: Reads) => Promise<unknown>>>> = {
  data: (reads) =>
    record((options) =>
      createDataLayer(sampleSettings("data"), watched("network", reads), {
        ...options,
        providers: optionsFor("data"),
      }),
    ),
  secrets: (reads) =>
    record((options) =>
      createSecretsLayer(sampleSettings("secrets"), watched("data", reads), {
        ...options,
        providers: optionsFor("secrets"),
      }),
    ),
  services: (reads) =>
    record((options) =>
      createServicesLayer(
        sampleSettings("services"),
        {
          network: watched("network", reads),
          data: watched("data", reads),
          secrets: watched("secrets", reads),
          deployed: Promise.resolve(),
        },
        { ...options, providers: optionsFor("services") },
      ),
    ),
};

describe("the declared consumers of outputs", () => {
  for (const { name, upstreams } of layers.filter((layer) => layer.upstreams.length > 0)) {
    it(`are what ${name} reads`, async () => {
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
