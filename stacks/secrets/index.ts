/** The secrets layer: what each service must not show, as one secret per service. */
import "@proliferate-infra/shared/program/plain-stack-traces";
import type { ProducedSecretsOutputs } from "@proliferate-infra/shared/contracts/secrets-outputs";
import { guardLayer } from "@proliferate-infra/backend/program/guard";
import { createAwsProvider } from "@proliferate-infra/shared/program/aws-provider";
import { publishOutputs } from "@proliferate-infra/shared/program/publish-outputs";
import { readLayerSettings } from "@proliferate-infra/shared/settings/pulumi-settings";
import { readUpstream } from "@proliferate-infra/shared/program/upstream-reader";
import { createSecretsLayer } from "./secrets-layer.ts";

/** The program that `pulumi up` runs; its result is the layer's outputs. */
export default async function secrets(): Promise<ProducedSecretsOutputs> {
  await guardLayer("secrets");
  const settings = readLayerSettings("secrets");
  const data = await readUpstream("secrets", "data", { region: settings.region });
  return publishOutputs(
    "secrets",
    createSecretsLayer(settings, data, { providers: { aws: createAwsProvider(settings, "secrets") } }),
  );
}
