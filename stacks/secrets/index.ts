/** Secrets layer: what each service must not show, as one secret per service. */
import { createAwsProvider } from "@proliferate-infra/shared/aws-provider";
import { readLayerSettings } from "@proliferate-infra/shared/settings/pulumi-settings";
import { readUpstream } from "@proliferate-infra/shared/upstream-reader";
import { createSecretsLayer } from "./secrets-layer.ts";

/** The Pulumi program; returns the layer's outputs. */
export default async () => {
  const settings = readLayerSettings("secrets");
  const data = await readUpstream("data", { region: settings.region });
  const aws = createAwsProvider(settings, "secrets");
  return createSecretsLayer(settings, { data }, { providers: { aws } });
};
