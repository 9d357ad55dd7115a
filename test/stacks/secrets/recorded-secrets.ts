/** The secrets layer as it registers itself with the sample settings. */
import { createSecretsLayer } from "proliferate-secrets/secrets-layer.ts";
import { recordLayer } from "@proliferate-infra/testing/recorded-layer";
import type { SampleChanges } from "@proliferate-infra/testing/sample-configuration";
import { upstreamOutputs } from "@proliferate-infra/testing/upstream-outputs";

/** Type token of a secret's version. */
export const VERSION = "aws:secretsmanager/secretVersion:SecretVersion";

type DataChanges = Parameters<typeof upstreamOutputs<"data">>[1];

/** Records the layer with outputs of a sample data layer. */
export function recordSecrets(changes: SampleChanges = {}, dataChanges: DataChanges = {}, stack = "prod") {
  return recordLayer("secrets", createSecretsLayer, {
    changes,
    stack,
    upstream: () => ({ data: upstreamOutputs("data", dataChanges) }),
    computed: { [VERSION]: ({ secretId }) => ({ versionId: `version-of-${String(secretId)}` }) },
  });
}
