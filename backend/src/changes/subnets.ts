/** Subnets in other zones or with other ranges: AWS changes neither, so the deployment deletes them first. Pure. */
import { layers } from "@proliferate-infra/shared/layers";
import type { Fault } from "../fault.ts";
import { isDeployed, type LayerStates } from "../pulumi-files/read-states.ts";
import type { StateResource } from "../pulumi-files/state.ts";

export interface SubnetSettings {
  readonly stack: string;
  readonly vpcCidr: string;
  /** Undefined: the zones that the subnets have. */
  readonly availabilityZones: readonly string[] | undefined;
  readonly publicSubnetCidrs: readonly string[];
  readonly privateSubnetCidrs: readonly string[];
}

/** Why the subnets must not be replaced now. `states` has all layers. */
export function subnetFaults(states: LayerStates, settings: SubnetSettings): readonly Fault[] {
  const network = states.get("network")?.resources ?? [];
  const keys = changedKeys(network, settings);
  if (keys.length === 0) {
    return [];
  }
  const { stack } = settings;
  const what = `${keys.join(" and ")} would replace subnets of ${stack}`;
  const inside = layers.filter(({ name, upstreams }) => {
    const state = states.get(name);
    return upstreams.includes("network") && state !== undefined && isDeployed(state);
  });
  if (inside.length > 0) {
    const names = inside.map(({ name }) => name).join(" and ");
    const fix =
      `Set ${keys.join(" and ")} as before. To move, create another environment with these settings, and its database ` +
      "from a snapshot (docs/operations.md).";
    return [{ message: `${what}, but ${names} use them. AWS deletes no subnet that is in use.`, fix }];
  }
  const endpoints = network.some(
    ({ type, outputs }) => type === "aws:ec2/vpcEndpoint:VpcEndpoint" && outputs.vpcEndpointType === "Interface",
  );
  if (!endpoints) {
    return [];
  }
  const fix = [
    "Deploy without the endpoints first: set the subnets as before, then",
    `  ./rollout configure set enableInterfaceEndpoints=false --stack ${stack}`,
    `  ./rollout up --only network --stack ${stack}`,
  ].join("\n");
  return [{ message: `${what}, but interface endpoints use them. AWS deletes no subnet that is in use.`, fix }];
}

/** The settings that differ from the deployed subnets. */
function changedKeys(network: readonly StateResource[], settings: SubnetSettings): readonly string[] {
  const { vpcCidr, availabilityZones, publicSubnetCidrs, privateSubnetCidrs } = settings;
  const vpc = network.find(({ type }) => type === "aws:ec2/vpc:Vpc");
  if (vpc !== undefined && vpc.outputs.cidrBlock !== vpcCidr) {
    return ["vpcCidr"];
  }
  const differs = (kind: string, property: string, wanted: readonly string[]) =>
    wanted.some((value, index) => {
      const found = network.find(({ urn }) => urn.endsWith(`::${kind}-subnet-${index + 1}`))?.outputs[property];
      return found !== undefined && found !== value;
    });
  const changed = {
    availabilityZones: ["public", "private"].some((kind) => differs(kind, "availabilityZone", availabilityZones ?? [])),
    publicSubnetCidrs: differs("public", "cidrBlock", publicSubnetCidrs),
    privateSubnetCidrs: differs("private", "cidrBlock", privateSubnetCidrs),
  };
  return Object.entries(changed).flatMap(([key, isChanged]) => (isChanged ? [key] : []));
}
