/** The steps that make the network layer, in order. */
import * as pulumi from "@pulumi/pulumi";
import type { ProducedNetworkOutputs } from "@proliferate-infra/shared/contracts/network-outputs";
import { physicalName } from "@proliferate-infra/shared/aws/resource-names";
import type { LayerSettings } from "@proliferate-infra/shared/settings/pulumi-settings";
import type { NetworkScope } from "./network-scope.ts";
import { createFlowLogs } from "./flow-logs.ts";
import { createSecurityGroups } from "./security-groups.ts";
import { createSubnets } from "./subnets.ts";
import { createVpc } from "./vpc.ts";
import { createInterfaceEndpoints, createS3Endpoint } from "./vpc-endpoints.ts";

/** Creates the layer below one root component and returns what it exports. `options` carry the layer's provider. */
export function createNetworkLayer(
  settings: LayerSettings<"network">,
  options: pulumi.ComponentResourceOptions,
): ProducedNetworkOutputs {
  return new NetworkLayer(settings, options).outputs;
}

class NetworkLayer extends pulumi.ComponentResource {
  readonly outputs: ProducedNetworkOutputs;

  constructor(settings: LayerSettings<"network">, options: pulumi.ComponentResourceOptions) {
    super("proliferate:network:NetworkLayer", "network", {}, options);
    const scope: NetworkScope = {
      settings,
      parent: this,
      name: (kind, ...parts) => physicalName(kind, settings.resourcePrefix, ...parts),
    };
    const vpc = createVpc(scope);
    const subnets = createSubnets(scope, vpc);
    const groups = createSecurityGroups(scope, vpc.id);
    createS3Endpoint(scope, vpc.id, subnets.routeTables);
    if (settings.enableInterfaceEndpoints) {
      createInterfaceEndpoints(scope, vpc, subnets.privateSubnets);
    }
    if (settings.enableFlowLogs) {
      createFlowLogs(scope, vpc.id);
    }
    this.outputs = {
      vpcId: vpc.id,
      vpcCidr: settings.vpcCidr,
      availabilityZones: pulumi.all(subnets.privateSubnets.map(({ availabilityZone }) => availabilityZone)),
      publicSubnetIds: pulumi.all(subnets.publicSubnets.map(({ id }) => id)),
      privateSubnetIds: pulumi.all(subnets.privateSubnets.map(({ id }) => id)),
      gatewayAlbSecurityGroupId: groups.gatewayAlb.id,
      gatewayTaskSecurityGroupId: groups.gatewayTask.id,
      // Left out without the proxy: the engine warns of outputs that are undefined.
      ...(groups.llmProxyAlb && { llmProxyAlbSecurityGroupId: groups.llmProxyAlb.id }),
      ...(groups.llmProxyTask && { llmProxyTaskSecurityGroupId: groups.llmProxyTask.id }),
      workerTaskSecurityGroupId: groups.workerTask.id,
      redisSecurityGroupId: groups.redis.id,
      databaseSecurityGroupId: groups.database.id,
    };
    this.registerOutputs(this.outputs);
  }
}
