/** The secrets layer: one secret per service, built from the layer's settings and the data layer's URLs. */
import * as pulumi from "@pulumi/pulumi";
import type { Consumed } from "@proliferate-infra/shared/contracts/all-contracts";
import type { ProducedSecretsOutputs } from "@proliferate-infra/shared/contracts/secrets-outputs";
import { verifiedCaBundlePath } from "@proliferate-infra/shared/aws/database-tls";
import type { LayerScope } from "@proliferate-infra/shared/program/layer";
import { keysOf, settingOf } from "@proliferate-infra/shared/settings/catalog";
import { setCommand } from "@proliferate-infra/shared/settings/fault";
import type { LayerSettings } from "@proliferate-infra/shared/settings/pulumi-settings";
import { applicationPayload, llmProxyPayload, type PayloadSources } from "./secret-payloads.ts";
import { ServiceSecret } from "./service-secret.ts";

/** Creates one secret per service. */
export function createSecretsLayer(scope: LayerScope<"secrets">): ProducedSecretsOutputs {
  const { settings, upstream } = scope;
  const sources = payloadSources(settings, upstream.data);
  const application = sources.apply((values) => withFixCommand(settings, () => applicationPayload(values)));
  const gateway = new ServiceSecret(scope, "gateway", application);
  const worker = new ServiceSecret(scope, "worker", application);
  const llmProxy = settings.enableLlmProxy
    ? new ServiceSecret(scope, "llm-proxy", sources.apply(llmProxyPayload))
    : undefined;
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
      extraSecrets: settings.extraSecrets,
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

function withFixCommand<T>({ stack }: LayerSettings<"secrets">, build: () => T): T {
  try {
    return build();
  } catch (error) {
    const command = setCommand({ layer: "secrets", stack }, "extraSecrets", true);
    throw new pulumi.RunError(`${(error as Error).message}\n  ${command}`);
  }
}
