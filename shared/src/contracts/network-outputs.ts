/** Outputs of the network layer. The layers data and services read them. */
import { z } from "zod";
import { commonSettings } from "./common-settings-output.ts";
import { defineContract, type ProducedOutputs } from "./contract.ts";
import { securityGroupId, subnetIds, vpcId } from "../values/value-shapes.ts";

export const networkContract = defineContract({
  layer: "network",
  secretKeys: [],
  consumers: {
    data: ["privateSubnetIds", "redisSecurityGroupId", "databaseSecurityGroupId"],
    services: [
      "vpcId",
      "publicSubnetIds",
      "privateSubnetIds",
      "gatewayAlbSecurityGroupId",
      "gatewayTaskSecurityGroupId",
      "llmProxyAlbSecurityGroupId",
      "llmProxyTaskSecurityGroupId",
      "workerTaskSecurityGroupId",
      "commonSettings",
    ],
  },
  deprecated: {},
  schema: () =>
    z.object({
      vpcId,
      /** Address range of the VPC, such as `10.0.0.0/16`. */
      vpcCidr: z.string(),
      /** The two availability zones, in the order of the subnet lists. */
      availabilityZones: z.array(z.string()).length(2, "must hold two availability zones"),
      /** Subnets of the load balancers. */
      publicSubnetIds: subnetIds,
      /** Subnets of tasks, Redis and Postgres. */
      privateSubnetIds: subnetIds,
      /** Lets the Internet reach the gateway's load balancer on 80 and 443. */
      gatewayAlbSecurityGroupId: securityGroupId,
      /** Gateway tasks; reached only from the gateway's load balancer. */
      gatewayTaskSecurityGroupId: securityGroupId,
      /** Lets the Internet reach the llm-proxy's load balancer; absent without the proxy. */
      llmProxyAlbSecurityGroupId: securityGroupId.optional(),
      /** llm-proxy tasks; absent without the proxy. */
      llmProxyTaskSecurityGroupId: securityGroupId.optional(),
      /** Worker tasks; nothing reaches them. */
      workerTaskSecurityGroupId: securityGroupId,
      /** Redis; reached only from the tasks. */
      redisSecurityGroupId: securityGroupId,
      /** Postgres; reached from the tasks and from `dbAllowedCidrs`. */
      databaseSecurityGroupId: securityGroupId,
      commonSettings,
    }),
});

export type ProducedNetworkOutputs = ProducedOutputs<typeof networkContract>;
