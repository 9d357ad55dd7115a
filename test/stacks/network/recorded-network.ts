/** The network layer as it registers itself with the sample settings. */
import type { Resource } from "@pulumi/pulumi";
import { createNetworkLayer } from "proliferate-network/network-layer.ts";
import { recordLayer } from "@proliferate-infra/testing/recorded-layer";
import { mockedId, valueOf, type Recording } from "@proliferate-infra/testing/recording-mocks";
import type { SampleChanges } from "@proliferate-infra/testing/sample-configuration";

/** Token of the data source of availability zones. */
export const ZONES = "aws:index/getAvailabilityZones:getAvailabilityZones";

/** Settings that switch on all that is off by default. */
export const everythingOn: SampleChanges = {
  natGateways: "per-zone",
  enableFlowLogs: "true",
  enableInterfaceEndpoints: "true",
  dbAllowedCidrs: "192.0.2.0/24",
};

/** Records the layer; `zones` are those that AWS offers. */
export function recordNetwork(changes: SampleChanges = {}, stack = "prod", zones?: readonly string[]) {
  const answers = zones === undefined ? {} : { [ZONES]: () => ({ names: [...zones] }) };
  return recordLayer("network", createNetworkLayer, { changes, stack, upstream: () => ({}), answers });
}

/** Id that the mocks gave to the AWS resource of that logical name. */
export function idOf({ resources }: Recording, name: string): string {
  const resource = resources.find((candidate) => candidate.type.startsWith("aws:") && candidate.name === name);
  if (resource === undefined) {
    throw new Error(`There is no resource ${name}.`);
  }
  return mockedId(resource.type, name);
}

/** Logical names of the resources that the resource of that logical name declares to depend on. */
export async function dependenciesOf({ options }: Recording, name: string): Promise<string[]> {
  const dependencies = [options.get(name)?.dependsOn ?? []].flat() as Resource[];
  const urns = await Promise.all(dependencies.map(({ urn }) => valueOf(urn)));
  return urns.map((urn) => urn.split("::").at(-1) ?? "");
}
