/** The frame of a layer: one root component, and what every part below it needs. */
import * as pulumi from "@pulumi/pulumi";
import { physicalName, type NamedKind } from "../aws/resource-names.ts";
import type { ContractOf, Upstreams } from "../contracts/all-contracts.ts";
import type { ProducedOutputs } from "../contracts/contract.ts";
import type { LayerName } from "../layers.ts";
import type { LayerSettings } from "../settings/catalog.ts";

/** What a layer is made from. */
export interface LayerInputs<Name extends LayerName> {
  readonly settings: LayerSettings<Name>;
  readonly upstream: Upstreams<Name>;
  /** Outputs of the layer's own last deployment that are not secret; none before the first one, and for layers that read none. */
  readonly deployed: Readonly<Record<string, unknown>>;
}

/** What every part of a layer needs. */
export interface LayerScope<Name extends LayerName> extends LayerInputs<Name> {
  /** Parent of the resources; its children inherit the layer's provider. */
  readonly parent: pulumi.Resource;
  /** Physical name of a thing in this environment. */
  readonly name: (kind: NamedKind, ...parts: string[]) => string;
}

/** Creates a layer's resources and returns what the layer exports. */
export type LayerBuild<Name extends LayerName> = (scope: LayerScope<Name>) => ProducedOutputs<ContractOf<Name>>;

/** Creates the layer below one root component and returns what it exports. `options` carry the layer's provider. */
export function createLayer<Name extends LayerName>(
  layer: Name,
  build: LayerBuild<Name>,
  inputs: LayerInputs<Name>,
  options: pulumi.ComponentResourceOptions,
): ProducedOutputs<ContractOf<Name>> {
  return new Layer(layer, build, inputs, options).outputs;
}

class Layer<Name extends LayerName> extends pulumi.ComponentResource {
  readonly outputs: ProducedOutputs<ContractOf<Name>>;

  constructor(
    layer: Name,
    build: LayerBuild<Name>,
    inputs: LayerInputs<Name>,
    options: pulumi.ComponentResourceOptions,
  ) {
    // Part of the URN of every resource below.
    super(`proliferate:${layer}:${layer.charAt(0).toUpperCase()}${layer.slice(1)}Layer`, layer, {}, options);
    const { resourcePrefix } = inputs.settings;
    this.outputs = build({
      ...inputs,
      parent: this,
      name: (kind, ...parts) => physicalName(kind, resourcePrefix, ...parts),
    });
    this.registerOutputs(this.outputs);
  }
}
