/** The secrets layer as it registers itself with the sample settings. */
import { createAwsProvider } from "@proliferate-infra/shared/program/aws-provider";
import { createSecretsLayer } from "proliferate-secrets/secrets-layer.ts";
import { record } from "@proliferate-infra/testing/recording-mocks";
import type { SampleChanges } from "@proliferate-infra/testing/sample-configuration";
import { sampleSettings } from "@proliferate-infra/testing/sample-settings";
import { upstreamOutputs } from "@proliferate-infra/testing/upstream-outputs";

/** Type token of a secret's version. */
export const VERSION = "aws:secretsmanager/secretVersion:SecretVersion";

type DataChanges = Parameters<typeof upstreamOutputs<"data">>[1];

/** Records the layer with outputs of a sample data layer. */
export function recordSecrets(changes: SampleChanges = {}, dataChanges: DataChanges = {}, stack = "prod") {
  return record(
    (options) => {
      const settings = sampleSettings("secrets", changes, stack);
      const data = upstreamOutputs("data", dataChanges);
      const providers = { aws: createAwsProvider(settings, "secrets") };
      return createSecretsLayer(settings, data, { ...options, providers });
    },
    { [VERSION]: ({ secretId }) => ({ versionId: `version-of-${String(secretId)}` }) },
  );
}
