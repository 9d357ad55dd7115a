/** The services layer: what runs the gateway, the llm-proxy and the worker. */
import "@proliferate-infra/shared/program/plain-stack-traces";
import * as aws from "@pulumi/aws";
import type { ProducedServicesOutputs } from "@proliferate-infra/shared/contracts/services-outputs";
import { guardLayer } from "@proliferate-infra/backend/program/guard";
import { createAwsProvider } from "@proliferate-infra/shared/program/aws-provider";
import { publishOutputs } from "@proliferate-infra/shared/program/publish-outputs";
import { readLayerSettings } from "@proliferate-infra/shared/settings/pulumi-settings";
import { readUpstream, upstreamsDeployed } from "@proliferate-infra/shared/program/upstream-reader";
import { createServicesLayer } from "./services-layer.ts";

/** The program that `pulumi up` runs; its result is the layer's outputs. */
export default async function services(): Promise<ProducedServicesOutputs> {
  await guardLayer("services");
  const settings = readLayerSettings("services");
  const provider = createAwsProvider(settings, "services");
  const { accountId } = await aws.getCallerIdentity({}, { provider });
  const scope = { region: settings.region, accountId };
  const [network, data, secrets] = await Promise.all([
    readUpstream("services", "network", scope),
    readUpstream("services", "data", scope),
    readUpstream("services", "secrets", scope),
  ]);
  return publishOutputs(
    "services",
    createServicesLayer(
      settings,
      { network, data, secrets, deployed: upstreamsDeployed("services") },
      { providers: { aws: provider } },
    ),
  );
}
