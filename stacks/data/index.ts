/** The data layer: Redis and Postgres of an environment. */
import "@proliferate-infra/shared/program/plain-stack-traces";
import type { ProducedDataOutputs } from "@proliferate-infra/shared/contracts/data-outputs";
import { guardLayer } from "@proliferate-infra/backend/program/guard";
import { createAwsProvider } from "@proliferate-infra/shared/program/aws-provider";
import { publishOutputs } from "@proliferate-infra/shared/program/publish-outputs";
import { readLayerSettings } from "@proliferate-infra/shared/settings/pulumi-settings";
import { readUpstream } from "@proliferate-infra/shared/program/upstream-reader";
import { createDataLayer } from "./data-layer.ts";

/** The program that `pulumi up` runs; its result is the layer's outputs. */
export default async function data(): Promise<ProducedDataOutputs> {
  await guardLayer("data");
  const settings = readLayerSettings("data");
  const network = await readUpstream("data", "network", { region: settings.region });
  return publishOutputs(
    "data",
    createDataLayer(settings, network, { providers: { aws: createAwsProvider(settings, "data") } }),
  );
}
