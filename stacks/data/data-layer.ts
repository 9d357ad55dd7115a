/** The steps that make the data layer, in order. */
import * as pulumi from "@pulumi/pulumi";
import type { ProducedDataOutputs } from "@proliferate-infra/shared/contracts/data-outputs";
import type { Consumed } from "@proliferate-infra/shared/contracts/all-contracts";
import { physicalName } from "@proliferate-infra/shared/aws/resource-names";
import type { LayerSettings } from "@proliferate-infra/shared/settings/pulumi-settings";
import type { DataScope } from "./data-scope.ts";
import { createDatabase } from "./postgres.ts";
import { createRedis } from "./redis.ts";

/** Creates the layer below one root component and returns what it exports. `options` carry the layer's provider. */
export function createDataLayer(
  settings: LayerSettings<"data">,
  network: Consumed<"data", "network">,
  options: pulumi.ComponentResourceOptions,
): ProducedDataOutputs {
  return new DataLayer(settings, network, options).outputs;
}

class DataLayer extends pulumi.ComponentResource {
  readonly outputs: ProducedDataOutputs;

  constructor(
    settings: LayerSettings<"data">,
    network: Consumed<"data", "network">,
    options: pulumi.ComponentResourceOptions,
  ) {
    super("proliferate:data:DataLayer", "data", {}, options);
    const scope: DataScope = {
      settings,
      network,
      parent: this,
      name: (kind, ...parts) => physicalName(kind, settings.resourcePrefix, ...parts),
    };
    this.outputs = { ...createRedis(scope), ...createDatabase(scope) };
    this.registerOutputs(this.outputs);
  }
}
