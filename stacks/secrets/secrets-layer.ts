/** The secrets layer: one secret per service, built from the layer's settings and the data layer's URLs. */
import * as pulumi from "@pulumi/pulumi";
import type { Consumed } from "@proliferate-infra/shared/contracts/all-contracts";
import type { ProducedSecretsOutputs } from "@proliferate-infra/shared/contracts/secrets-outputs";
import { verifiedCaBundlePath } from "@proliferate-infra/shared/aws/database-tls";
import type { LayerScope } from "@proliferate-infra/shared/program/layer";
import { keysOf, settingOf } from "@proliferate-infra/shared/settings/catalog";
import type { LayerSettings } from "@proliferate-infra/shared/settings/pulumi-settings";
import { servicePayloads, type PayloadSources, type SecretPayload, type ServicePayloads } from "./secret-payloads.ts";
import type { ServiceName } from "@proliferate-infra/shared/services";
import { ServiceSecret } from "./service-secret.ts";

/** Creates one secret per service. */
export function createSecretsLayer(scope: LayerScope<"secrets">): ProducedSecretsOutputs {
  const { settings, upstream } = scope;
  // All in one step, so that a fault of one payload is reported once.
  const payloads = payloadSources(settings, upstream.data).apply(servicePayloads);
  const secretOf = (service: ServiceName, payload: (payloads: ServicePayloads) => SecretPayload) =>
    new ServiceSecret(scope, service, payloads.apply(payload));
  const gateway = secretOf("gateway", (each) => each.gateway);
  const worker = secretOf("worker", (each) => each.worker);
  const llmProxy = settings.enableLlmProxy ? secretOf("llm-proxy", (each) => each.llmProxy) : undefined;
  return {
    gatewaySecretArn: gateway.arn,
    gatewaySecretVersionId: gateway.versionId,
    gatewaySecretKeys: gateway.keys,
    workerSecretArn: worker.arn,
    workerSecretVersionId: worker.versionId,
    workerSecretKeys: worker.keys,
    ...(llmProxy && {
      llmProxySecretArn: llmProxy.arn,
      llmProxySecretVersionId: llmProxy.versionId,
      llmProxySecretKeys: llmProxy.keys,
    }),
  };
}

function payloadSources(
  settings: LayerSettings<"secrets">,
  data: Consumed<"secrets", "data">,
): pulumi.Output<PayloadSources> {
  return pulumi.secret(
    pulumi.output({
      variables: secretVariables(settings),
      applicationDatabaseDriver: settings.applicationDatabaseDriver,
      databaseUrl: data.databaseUrl,
      caBundlePath: verifiedCaBundlePath(settings),
      redisUrl: pulumi
        .all([data.redisUrlIsSecret, data.redisUrl])
        .apply(([isSecret, url]) => (isSecret ? url : undefined)),
      stack: settings.stack,
      extra: {
        extraSecrets: settings.extraSecrets,
        gatewayExtraSecrets: settings.gatewayExtraSecrets,
        llmProxyExtraSecrets: settings.llmProxyExtraSecrets,
        workerExtraSecrets: settings.workerExtraSecrets,
      },
    }),
  );
}

/** Secret settings that the catalog names a variable for, as far as they have a value. */
function secretVariables(settings: LayerSettings<"secrets">): Record<string, pulumi.Output<string>> {
  // Without the proxy nobody may use its key, even if the setting still has a value.
  const llmProxyMasterKey = settings.enableLlmProxy ? settings.llmProxyMasterKey : undefined;
  const values: Readonly<Record<string, unknown>> = { ...settings, llmProxyMasterKey };
  const variables = keysOf("secrets").flatMap((key) => {
    const { secret, variable } = settingOf(key);
    // The catalog's secret settings with a variable are texts.
    const value = values[key] as pulumi.Output<string> | undefined;
    return secret && variable !== undefined && value !== undefined ? [[variable, value] as const] : [];
  });
  return Object.fromEntries(variables);
}
