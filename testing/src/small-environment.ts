/**
 * Settings of a small environment that is deployed quickly: no RDS, no proxy, Modal, integrations, single-node Redis.
 */
import type { SampleChanges } from "./sample-configuration.ts";

/** URL of its database, which is managed elsewhere. */
export const databaseOverride = "postgres://app:override-canary@db.example.com:6543/app?sslmode=verify-full";

/** Changes to the sample configuration. */
export const smallEnvironment: SampleChanges = {
  resourcePrefix: "other",
  deploymentProfile: "self_host",
  enableLlmProxy: "false",
  enableRds: "false",
  dbPassword: undefined,
  databaseUrlOverride: databaseOverride,
  defaultSandboxProvider: "modal",
  e2bApiKey: undefined,
  llmProxyMasterKey: undefined,
  billingJwtSecret: undefined,
  autumnApiKey: undefined,
  resendApiKey: undefined,
  modalTokenId: "modal-id-canary",
  modalTokenSecret: "modal-secret-canary",
  modalAppName: "proliferate",
  integrationsEnabled: "true",
  nangoSecretKey: "nango-canary",
  nangoGithubIntegrationId: "github-1",
  nangoLinearIntegrationId: "linear-1",
  nangoSentryIntegrationId: "sentry-1",
  gatewayMaxCount: "1",
  workerMaxCount: "1",
};
