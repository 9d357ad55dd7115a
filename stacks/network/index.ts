/** The network layer: VPC, subnets, routes, endpoints and every security group of an environment. */
import "@proliferate-infra/shared/program/plain-stack-traces";
import type { ProducedNetworkOutputs } from "@proliferate-infra/shared/contracts/network-outputs";
import { guardLayer } from "@proliferate-infra/backend/program/guard";
import { createAwsProvider } from "@proliferate-infra/shared/program/aws-provider";
import { publishOutputs } from "@proliferate-infra/shared/program/publish-outputs";
import { readLayerSettings } from "@proliferate-infra/shared/settings/pulumi-settings";
import { createNetworkLayer } from "./network-layer.ts";

/** The program that `pulumi up` runs; its result is the layer's outputs. */
export default async function network(): Promise<ProducedNetworkOutputs> {
  await guardLayer("network");
  const settings = readLayerSettings("network");
  return publishOutputs(
    "network",
    createNetworkLayer(settings, { providers: { aws: createAwsProvider(settings, "network") } }),
  );
}
