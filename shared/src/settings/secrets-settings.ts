/** Keys of the secrets layer: what the services read from Secrets Manager. */
import { integer, text, variables, type ValueKind } from "../values/value-kinds.ts";
import { serviceNames, type ServiceName } from "../services.ts";
import { atOnce, rolling } from "./effect.ts";
import { defaulted, optional, required, requiredWhen } from "./setting.ts";
import { inProfileCloud, withE2b, withIntegrations, withLlmProxy, withModal } from "./common-settings.ts";

const secret = { layers: ["secrets"], secret: true, effects: [rolling("gateway", "worker")] } as const;
const everyService = [rolling(...serviceNames)] as const;
/** Rotation of a credential that a third party issues: the old and the new one can be valid at the same time. */
const issued = { effect: "No interruption if the old value stays valid until the deployment ends." } as const;
const anyText = text("text of at least one character");
const longText = text("at least 32 characters", /^[\s\S]{32,}$/);
const pem: ValueKind<string> = {
  ...text(
    "a PEM private key, newlines kept",
    /^-----BEGIN [A-Z ]*PRIVATE KEY-----\r?\n[\s\S]+\r?\n-----END [A-Z ]*PRIVATE KEY-----\s*$/,
  ),
  multiline: true,
};

const extraSecretsOf = (service: ServiceName, description: string) =>
  defaulted({}, variables, {
    ...secret,
    effects: [rolling(service)],
    description: `Additional secret variables for the ${service} only. ${description}`,
    rotation: { effect: "The effect depends on what the variables are for." },
  });

const serviceSecrets = {
  gatewayExtraSecrets: extraSecretsOf("gateway", "They override extraSecrets."),
  llmProxyExtraSecrets: extraSecretsOf("llm-proxy", "Such as the key of another model provider, or LITELLM_SALT_KEY."),
  workerExtraSecrets: extraSecretsOf("worker", "They override extraSecrets."),
};

/** Settings of the services' secrets. */
export const secretsSettings = {
  serviceAuthToken: required(anyText, {
    ...secret,
    description: "Token that services authenticate to each other with.",
    variable: "SERVICE_TO_SERVICE_AUTH_TOKEN",
    rotation: {
      effect: "Tasks with the old token and tasks with the new token refuse each other until the deployment ends.",
    },
    generated: true,
  }),
  userSecretsEncryptionKey: required(anyText, {
    ...secret,
    description: "Key that encrypts users' secrets. A new key makes the stored secrets unreadable.",
    variable: "USER_SECRETS_ENCRYPTION_KEY",
    rotation: {
      effect: "Secrets that users have stored become unreadable forever.",
      loses: "unreadable-user-secrets",
    },
    generated: true,
  }),
  anthropicApiKey: required(anyText, {
    ...secret,
    effects: everyService,
    description: "API key of Anthropic.",
    variable: "ANTHROPIC_API_KEY",
    rotation: issued,
  }),
  betterAuthSecret: required(longText, {
    ...secret,
    description: "Signs user sessions.",
    variable: "BETTER_AUTH_SECRET",
    rotation: { effect: "All users are signed out." },
    generated: true,
  }),
  gatewayJwtSecret: required(longText, {
    ...secret,
    description: "Signs the gateway's tokens.",
    variable: "GATEWAY_JWT_SECRET",
    rotation: { effect: "The gateway's sessions end. Clients must get new tokens." },
    generated: true,
  }),
  githubAppPrivateKey: required(pem, {
    ...secret,
    description: "Private key of the GitHub app.",
    variable: "GITHUB_APP_PRIVATE_KEY",
    rotation: issued,
  }),
  githubAppWebhookSecret: required(anyText, {
    ...secret,
    description: "Signs GitHub's webhooks.",
    variable: "GITHUB_APP_WEBHOOK_SECRET",
    rotation: {
      effect: "Webhooks are refused until GitHub and all tasks have the new secret. GitHub can redeliver them.",
    },
  }),
  billingJwtSecret: requiredWhen(inProfileCloud, longText, {
    ...secret,
    description: "Signs billing tokens.",
    variable: "BILLING_JWT_SECRET",
    rotation: { effect: "Current billing tokens become invalid." },
    generated: true,
  }),
  autumnApiKey: requiredWhen(inProfileCloud, anyText, {
    ...secret,
    description: "API key of Autumn (billing).",
    variable: "AUTUMN_API_KEY",
    rotation: issued,
  }),
  resendApiKey: requiredWhen(inProfileCloud, anyText, {
    ...secret,
    description: "API key of Resend (email).",
    variable: "RESEND_API_KEY",
    rotation: issued,
  }),
  e2bApiKey: requiredWhen(withE2b, anyText, {
    ...secret,
    description: "API key of E2B.",
    variable: "E2B_API_KEY",
    rotation: issued,
  }),
  modalTokenId: requiredWhen(withModal, anyText, {
    ...secret,
    description: "Token id of Modal.",
    variable: "MODAL_TOKEN_ID",
    rotation: issued,
  }),
  modalTokenSecret: requiredWhen(withModal, anyText, {
    ...secret,
    description: "Token secret of Modal.",
    variable: "MODAL_TOKEN_SECRET",
    rotation: issued,
  }),
  nangoSecretKey: requiredWhen(withIntegrations, anyText, {
    ...secret,
    description: "Secret key of Nango.",
    variable: "NANGO_SECRET_KEY",
    rotation: issued,
  }),
  llmProxyMasterKey: requiredWhen(withLlmProxy, text("`sk-` and at least 16 more characters", /^sk-\S{16,}$/), {
    ...secret,
    effects: everyService,
    description: "Master key of the llm-proxy, its variable LITELLM_MASTER_KEY.",
    variable: "LLM_PROXY_MASTER_KEY",
    rotation: {
      effect:
        "Requests to the llm-proxy fail until the deployment ends. Credentials in the llm-proxy's database become" +
        " unreadable.",
      // LiteLLM encrypts them with this key unless llmProxyExtraSecrets has LITELLM_SALT_KEY.
      loses: "unreadable-proxy-credentials",
    },
    generated: true,
  }),
  s3AccessKey: optional(anyText, {
    ...secret,
    description: "Access key of the object store. Set it together with s3SecretKey.",
    variable: "S3_ACCESS_KEY",
    rotation: issued,
  }),
  s3SecretKey: optional(anyText, {
    ...secret,
    description: "Secret key of the object store. Set it together with s3AccessKey.",
    variable: "S3_SECRET_KEY",
    rotation: issued,
  }),
  ...serviceSecrets,
  extraSecrets: defaulted({}, variables, {
    ...secret,
    description: "Additional secret variables for gateway and worker.",
    rotation: { effect: "The effect depends on what the variables are for." },
  }),
  secretRecoveryWindowDays: defaulted(
    {
      shown: "7; 0 where protectResources is false",
      value: ({ protectResources }) => (protectResources === false ? 0 : 7),
    },
    {
      allowed: "0 or a whole number from 7 to 30 days",
      parse: (value) => (value === "0" ? 0 : integer(7, 30).parse(value)),
    },
    {
      layers: ["secrets"],
      secret: false,
      effects: [atOnce("Counts when a secret is deleted.")],
      description: "How long a deleted secret can be restored. Its name cannot be used again during that time.",
    },
  ),
};
