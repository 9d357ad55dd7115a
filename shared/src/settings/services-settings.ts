/** Keys of the services layer that gateway and worker get as environment variables. */
import { bool, integer, text, url, variables } from "../values/value-kinds.ts";
import type { ServiceName } from "../services.ts";
import { atOnce, rolling } from "./effect.ts";
import { defaulted, optional, required, requiredWhen } from "./setting.ts";
import { inProfileCloud, keyArn, withE2b, withForeignBucket, withIntegrations, withModal } from "./common-settings.ts";

const services = { layers: ["services"], secret: false, effects: [rolling("gateway", "worker")] } as const;
const anyText = text("text of at least one character");
const webUrl = url("https", "http");

const extraEnvironmentOf = (service: ServiceName, description: string) =>
  defaulted({}, variables, {
    ...services,
    effects: [rolling(service)],
    description: `Additional variables for the ${service} only. ${description}`,
  });

/** Settings that gateway and worker get as environment variables. */
export const environmentSettings = {
  billingEnabled: defaulted(
    { shown: "true in profile cloud", value: ({ deploymentProfile }) => deploymentProfile === "cloud" },
    bool,
    { ...services, description: "Turns on billing in the application.", variable: "NEXT_PUBLIC_BILLING_ENABLED" },
  ),
  githubAppId: required(text("a number", /^\d+$/), {
    ...services,
    description: "Id of the GitHub app.",
    variable: "GITHUB_APP_ID",
  }),
  githubAppSlug: required(text("letters, digits and hyphens", /^[A-Za-z0-9-]+$/), {
    ...services,
    description: "Slug of the GitHub app, as in its URL.",
    variable: "NEXT_PUBLIC_GITHUB_APP_SLUG",
  }),
  autumnApiUrl: requiredWhen(inProfileCloud, webUrl, {
    ...services,
    description: "URL of Autumn (billing).",
    variable: "AUTUMN_API_URL",
  }),
  emailFrom: requiredWhen(inProfileCloud, text("an email address", /^[^\s@]+@[^\s@]+$|^[^<>]+<[^\s@]+@[^\s@]+>$/), {
    ...services,
    description: "Sender of emails.",
    variable: "EMAIL_FROM",
  }),
  e2bDomain: requiredWhen(withE2b, anyText, { ...services, description: "Domain of E2B.", variable: "E2B_DOMAIN" }),
  e2bTemplate: requiredWhen(withE2b, anyText, {
    ...services,
    description: "Template of E2B sandboxes.",
    variable: "E2B_TEMPLATE",
  }),
  e2bTemplateAlias: requiredWhen(withE2b, anyText, {
    ...services,
    description: "Alias of the E2B template.",
    variable: "E2B_TEMPLATE_ALIAS",
  }),
  modalAppName: requiredWhen(withModal, anyText, {
    ...services,
    description: "Name of the Modal app.",
    variable: "MODAL_APP_NAME",
  }),
  nangoGithubIntegrationId: requiredWhen(withIntegrations, anyText, {
    ...services,
    description: "Nango's integration of GitHub.",
    variable: "NEXT_PUBLIC_NANGO_GITHUB_INTEGRATION_ID",
  }),
  nangoLinearIntegrationId: requiredWhen(withIntegrations, anyText, {
    ...services,
    description: "Nango's integration of Linear.",
    variable: "NEXT_PUBLIC_NANGO_LINEAR_INTEGRATION_ID",
  }),
  nangoSentryIntegrationId: requiredWhen(withIntegrations, anyText, {
    ...services,
    description: "Nango's integration of Sentry.",
    variable: "NEXT_PUBLIC_NANGO_SENTRY_INTEGRATION_ID",
  }),
  appUrl: required(webUrl, {
    ...services,
    description: "URL of the web application.",
    variable: "NEXT_PUBLIC_APP_URL",
  }),
  apiUrl: defaulted({ shown: "appUrl", value: ({ appUrl }) => appUrl ?? "" }, webUrl, {
    ...services,
    description: "URL of the API.",
    variable: "NEXT_PUBLIC_API_URL",
  }),
  gatewayPublicUrl: optional(webUrl, {
    ...services,
    description:
      "URL of the gateway. Left out: https with gatewayDomain, or the load balancer's name without a domain.",
    variable: "NEXT_PUBLIC_GATEWAY_URL",
  }),
  llmProxyPublicUrl: optional(webUrl, {
    ...services,
    description:
      "URL of the llm-proxy. Left out: https with llmProxyDomain, or the load balancer's name without a domain.",
    variable: "LLM_PROXY_URL",
  }),
  s3Bucket: requiredWhen(withForeignBucket, text("a bucket's name", /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/), {
    ...services,
    description:
      "S3 bucket of the application. Gateway and worker use it with their task role unless s3AccessKey or s3EndpointUrl is set.",
    variable: "S3_BUCKET",
  }),
  s3Region: defaulted({ shown: "aws:region", value: ({ region }) => region }, text("a region's name", /^[a-z0-9-]+$/), {
    ...services,
    description: "Region of s3Bucket.",
    variable: "S3_REGION",
  }),
  s3KmsKeyArn: optional(keyArn, {
    ...services,
    effects: [atOnce("Changes the policy of the task role.")],
    description:
      "Customer-managed KMS key of s3Bucket. The task role may then use it. Left out: S3 encrypts with its own key.",
  }),
  s3EndpointUrl: optional(webUrl, {
    ...services,
    description: "Endpoint of an S3-compatible object store. Left out: AWS S3.",
    variable: "S3_ENDPOINT_URL",
  }),
  workerPort: defaulted(3002, integer(1024, 65535), {
    ...services,
    description: "Port of the worker's health check. It is not reachable from outside the container.",
    variable: "WORKER_PORT",
  }),
  extraEnvironment: defaulted({}, variables, {
    ...services,
    description: "Additional variables for gateway and worker.",
  }),
  gatewayExtraEnvironment: extraEnvironmentOf("gateway", "They override extraEnvironment."),
  llmProxyExtraEnvironment: extraEnvironmentOf(
    "llm-proxy",
    "LiteLLM's configuration file is /app/config.yaml in the image.",
  ),
  workerExtraEnvironment: extraEnvironmentOf("worker", "They override extraEnvironment."),
};
