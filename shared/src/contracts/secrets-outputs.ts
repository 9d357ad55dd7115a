/**
 * Outputs of the secrets layer: the ARN, version and keys of each service's secret, never a value. Services reads them.
 */
import { z } from "zod";
import { commonSettings } from "./common-settings-output.ts";
import { defineContract, type ProducedOutputs } from "./contract.ts";
import { arn, nonEmptyText, secretKeyNames } from "../values/value-shapes.ts";

export const secretsContract = defineContract({
  layer: "secrets",
  secretKeys: [],
  consumers: {
    services: [
      "gatewaySecretArn",
      "gatewaySecretVersionId",
      "gatewaySecretKeys",
      "workerSecretArn",
      "workerSecretVersionId",
      "workerSecretKeys",
      "llmProxySecretArn",
      "llmProxySecretVersionId",
      "llmProxySecretKeys",
    ],
  },
  deprecated: {},
  schema: (scope) =>
    z.object({
      gatewaySecretArn: arn("secretsmanager", scope),
      /** Version of the gateway's secret that tasks are pinned to. */
      gatewaySecretVersionId: nonEmptyText,
      /** Sorted names of the variables in the gateway's secret. */
      gatewaySecretKeys: secretKeyNames,
      workerSecretArn: arn("secretsmanager", scope),
      /** Version of the worker's secret that tasks are pinned to. */
      workerSecretVersionId: nonEmptyText,
      /** Sorted names of the variables in the worker's secret. */
      workerSecretKeys: secretKeyNames,
      /** Secret of the llm-proxy; absent without the proxy. */
      llmProxySecretArn: arn("secretsmanager", scope).optional(),
      /** Version of the llm-proxy's secret; absent without the proxy. */
      llmProxySecretVersionId: nonEmptyText.optional(),
      /** Sorted names of the variables in the llm-proxy's secret; absent without the proxy. */
      llmProxySecretKeys: secretKeyNames.optional(),
      commonSettings,
    }),
});

export type ProducedSecretsOutputs = ProducedOutputs<typeof secretsContract>;
