/** States of deployed layers, with the resources that changes are compared with. */
import type { LayerName } from "@proliferate-infra/shared/layers";
import type { LayerStates } from "@proliferate-infra/backend/pulumi-files/read-states";
import { NO_STATE, type StateResource } from "@proliferate-infra/backend/pulumi-files/state";

/** A deployed resource with these outputs and inputs. */
export function deployed(
  type: string,
  name: string,
  outputs: StateResource["outputs"],
  inputs: StateResource["inputs"] = {},
): StateResource {
  return { urn: `urn:pulumi:prod::project::${type}::${name}`, type, id: name, protect: false, inputs, outputs };
}

/** States of all layers; layers that are not named have no resources. */
export function statesOf(resources: Partial<Record<LayerName, readonly StateResource[]>>): LayerStates {
  const layers = ["network", "data", "secrets", "services"] as const;
  return new Map(layers.map((layer) => [layer, { ...NO_STATE, resources: resources[layer] ?? [] }]));
}
