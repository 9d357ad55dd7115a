/** The steps that make the network layer, in order. */
import * as pulumi from "@pulumi/pulumi";
import type { ProducedNetworkOutputs } from "@proliferate-infra/shared/contracts/network-outputs";
import type { LayerScope } from "@proliferate-infra/shared/program/layer";
import { createFlowLogs } from "./flow-logs.ts";
import { createSecurityGroups } from "./security-groups.ts";
import { createSubnets } from "./subnets.ts";
import { createVpc } from "./vpc.ts";
import { createInterfaceEndpoints, createS3Endpoint } from "./vpc-endpoints.ts";

/** Creates VPC, subnets, routes, endpoints and security groups. */
export function createNetworkLayer(scope: LayerScope<"network">): ProducedNetworkOutputs {
  const { settings } = scope;
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
  return {
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
}
