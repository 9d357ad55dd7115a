/** Outputs of the services layer. People, scripts and the rollout read them. */
import { z } from "zod";
import { commonSettings } from "./common-settings-output.ts";
import { defineContract, type ProducedOutputs } from "./contract.ts";
import { serviceKeys } from "../services.ts";
import { nonEmptyText, urlWithScheme } from "../values/value-shapes.ts";

const repositoryUrl = nonEmptyText;

export const servicesContract = defineContract({
  layer: "services",
  secretKeys: [],
  consumers: {},
  deprecated: {},
  schema: () =>
    z.object({
      /** Public URL of the gateway. */
      gatewayUrl: urlWithScheme("http", "https"),
      /** Public URL of the llm-proxy; absent without the proxy. */
      llmProxyUrl: urlWithScheme("http", "https").optional(),
      /** ECR repository of the gateway's image, without tag. */
      gatewayRepositoryUrl: repositoryUrl,
      /** ECR repository of the llm-proxy's image; absent without the proxy. */
      llmProxyRepositoryUrl: repositoryUrl.optional(),
      /** ECR repository of the worker's image, without tag. */
      workerRepositoryUrl: repositoryUrl,
      clusterName: nonEmptyText,
      /** Name of the gateway's ECS service. */
      gatewayServiceName: nonEmptyText,
      /** Name of the llm-proxy's ECS service; absent without the proxy. */
      llmProxyServiceName: nonEmptyText.optional(),
      /** Name of the worker's ECS service. */
      workerServiceName: nonEmptyText,
      /** Tag or digest of the gateway's image; absent while none is set. */
      gatewayImageTag: nonEmptyText.optional(),
      /** Tag or digest of the llm-proxy's image; absent without the proxy and while none is set. */
      llmProxyImageTag: nonEmptyText.optional(),
      /** Tag or digest of the worker's image; absent while none is set. */
      workerImageTag: nonEmptyText.optional(),
      /** The gateway's image before that one, which a rollback needs; absent where there was none. */
      gatewayPreviousImageTag: nonEmptyText.optional(),
      /** The llm-proxy's image before that one, which a rollback needs; absent where there was none. */
      llmProxyPreviousImageTag: nonEmptyText.optional(),
      /** The worker's image before that one, which a rollback needs; absent where there was none. */
      workerPreviousImageTag: nonEmptyText.optional(),
      /** Role of the gateway's programs; absent where an earlier version has deployed. */
      gatewayTaskRoleArn: nonEmptyText.optional(),
      /** Role of the llm-proxy's programs; absent without the proxy, and where an earlier version has deployed. */
      llmProxyTaskRoleArn: nonEmptyText.optional(),
      /** Role of the worker's programs; absent where an earlier version has deployed. */
      workerTaskRoleArn: nonEmptyText.optional(),
      /** Task definition that migrates the database; absent without migrationCommand or the gateway's image. */
      migrationTaskDefinitionArn: nonEmptyText.optional(),
      /** Services that run no tasks because no image tag is configured. */
      servicesWithoutImage: z.array(z.enum(serviceKeys)),
      commonSettings,
    }),
});

export type ProducedServicesOutputs = ProducedOutputs<typeof servicesContract>;
