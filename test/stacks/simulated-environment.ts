/** All layers under mocks, each with the outputs of those before it, and what a change of settings changes in them. */
import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { createDataLayer } from "proliferate-data/data-layer.ts";
import { createSecretsLayer } from "proliferate-secrets/secrets-layer.ts";
import { createServicesLayer } from "proliferate-services/services-layer.ts";
import type { LayerName } from "@proliferate-infra/shared/layers";
import { recordLayer } from "@proliferate-infra/testing/recorded-layer";
import { valueOf, type ComputedOutputs, type Recording } from "@proliferate-infra/testing/recording-mocks";
import { sampleConfiguration, type SampleChanges } from "@proliferate-infra/testing/sample-configuration";
import { goodOutputs, upstreamOutputs } from "@proliferate-infra/testing/upstream-outputs";
import { computed as computedData } from "./data/recorded-data.ts";
import { recordNetwork } from "./network/recorded-network.ts";
import { VERSION } from "./secrets/recorded-secrets.ts";
import { computedServices } from "./services/recorded-layer.ts";

const STACK = "dev-effects";

/** How ACM wants a domain to be proven. */
const computedCertificate: ComputedOutputs = {
  "aws:acm/certificate:Certificate": ({ domainName }) => ({
    domainValidationOptions: [
      {
        domainName,
        resourceRecordName: `_proof.${String(domainName)}.`,
        resourceRecordType: "CNAME",
        resourceRecordValue: "_value.acm-validations.aws.",
      },
    ],
  }),
};

/** Inputs of every AWS resource by layer, type and logical name. */
type Simulation = ReadonlyMap<string, Readonly<Record<string, unknown>>>;

/** What a change does to one resource. */
export interface ResourceChange {
  readonly layer: LayerName;
  readonly type: string;
  readonly name: string;
  readonly op: "create" | "update" | "delete";
  /** Inputs that differ. */
  readonly properties: readonly string[];
}

/** What a layer registers, and its outputs. */
interface SimulatedLayer {
  readonly resources: readonly (readonly [string, Readonly<Record<string, unknown>>])[];
  readonly outputs: Readonly<Record<string, unknown>>;
}

const simulated = new Map<string, SimulatedLayer>();

/** Records a layer, or returns the recording of the same settings and upstream outputs. */
async function simulateLayer(
  layer: LayerName,
  changes: SampleChanges,
  upstream: readonly SimulatedLayer[],
  run: () => Promise<{ readonly recording: Recording; readonly result: object }>,
): Promise<SimulatedLayer> {
  const values = [...sampleConfiguration(layer, changes, STACK).values].map(([key, { text }]) => [key, text]);
  const id = JSON.stringify([layer, values, upstream.map(({ outputs }) => outputs)]);
  const known = simulated.get(id);
  if (known !== undefined) {
    return known;
  }
  const { recording, result } = await run();
  const made = { resources: resourcesIn(layer, recording), outputs: await plainOutputs(layer, result) };
  simulated.set(id, made);
  return made;
}

/** Records all layers with these changes of the sample settings. */
async function simulate(changes: SampleChanges): Promise<Simulation> {
  const sample = { changes, stack: STACK };
  const network = await simulateLayer("network", changes, [], () => recordNetwork(changes, STACK));
  const data = await simulateLayer("data", changes, [network], () =>
    recordLayer("data", createDataLayer, {
      ...{ ...sample, computed: computedData },
      upstream: () => ({ network: upstreamOutputs("network", network.outputs) }),
    }),
  );
  const secrets = await simulateLayer("secrets", changes, [data], () =>
    recordLayer("secrets", createSecretsLayer, {
      ...sample,
      upstream: () => ({ data: upstreamOutputs("data", data.outputs) }),
      computed: { [VERSION]: ({ secretString }) => ({ versionId: hash(secretString) }) },
    }),
  );
  const services = await simulateLayer("services", changes, [network, data, secrets], () =>
    recordLayer("services", createServicesLayer, {
      ...{ ...sample, computed: { ...computedServices, ...computedCertificate } },
      upstream: () => ({
        network: upstreamOutputs("network", network.outputs),
        data: upstreamOutputs("data", data.outputs),
        secrets: upstreamOutputs("secrets", secrets.outputs),
      }),
    }),
  );
  return new Map([network, data, secrets, services].flatMap(({ resources }) => resources));
}

function hash(secret: unknown): string {
  return createHash("sha256").update(JSON.stringify(secret)).digest("hex").slice(0, 16);
}

/** Every output of the contract; undefined for those that the layer does not have. */
async function plainOutputs(layer: LayerName, outputs: object): Promise<Record<string, unknown>> {
  const all = new Map(Object.entries(outputs));
  const plain = Object.keys(goodOutputs[layer]).map(async (name) => [name, await valueOf(all.get(name))] as const);
  return Object.fromEntries(await Promise.all(plain));
}

function resourcesIn(layer: LayerName, { resources, options }: Recording): SimulatedLayer["resources"] {
  return resources
    .filter(({ type }) => type.startsWith("aws:"))
    .map(({ type, name, inputs }) => {
      const ignored = options.get(name)?.ignoreChanges ?? [];
      const counted = Object.entries(inputs).filter(([property]) => !ignored.includes(property));
      return [`${layer} ${type} ${name}`, Object.fromEntries(counted)] as const;
    });
}

/** What changes in all layers between two settings, without what follows on AWS from a replacement. */
export async function resourceChanges(before: SampleChanges, after: SampleChanges): Promise<readonly ResourceChange[]> {
  const was = await simulate(before);
  const is = await simulate(after);
  return [...new Set([...was.keys(), ...is.keys()])].flatMap((id) => {
    const [layer = "", type = "", name = ""] = id.split(" ");
    const [old, now] = [was.get(id), is.get(id)];
    const properties = [...new Set([...Object.keys(old ?? {}), ...Object.keys(now ?? {})])].filter(
      (property) => !isDeepStrictEqual(old?.[property], now?.[property]),
    );
    const op = old === undefined ? "create" : now === undefined ? "delete" : "update";
    return properties.length === 0 ? [] : [{ layer: layer as LayerName, type, name, op, properties }];
  });
}
