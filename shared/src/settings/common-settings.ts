/** Keys of several layers. They stand in the configuration of each of them and must agree. */
import { bool, integer, oneOf, text } from "../values/value-kinds.ts";
import { defaulted, optional, required, requiredWhen, type Condition, type Default } from "./setting.ts";

/** First part of every resource's name, where nothing else is configured. */
export const DEFAULT_RESOURCE_PREFIX = "proliferate";

const topicArn = text("the ARN of an SNS topic", /^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w.-]+$/);

const keyArn = text("the ARN of a KMS key", /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[0-9a-f-]+$/);

const EVERY_LAYER = ["network", "data", "secrets", "services"] as const;

/** Whether resources of the stack are protected, and final snapshots are taken, where no setting says so. */
const isNotLocal = ({ stack }: { readonly stack: string }): boolean => stack !== "local";

/** Default of protection and of final snapshots. */
export const unlessLocal: Default<boolean> = { shown: "true; false for the stack `local`", value: isNotLocal };

/**
 * Whether an environment is protected: `configured` is the text of its setting `protectResources`; undefined where it has
 * none.
 */
export function isProtected(stack: string, configured: string | undefined): boolean {
  return (configured === undefined ? undefined : bool.parse(configured)) ?? isNotLocal({ stack });
}

/** Earlier versions took protection off by this name. Neither answer is safe for everybody, so somebody has to say it. */
const namedDev: Condition = {
  when: "the stack's name begins with dev, which no longer turns protection off",
  holds: ({ stack }) => stack.startsWith("dev"),
  command: (key, stack) => `./rollout configure set ${key}=false --stack ${stack}     # or true`,
};

/** Holds in deployment profile `cloud`. */
export const inProfileCloud: Condition = {
  when: "deploymentProfile is cloud",
  holds: ({ deploymentProfile }) => deploymentProfile === "cloud",
};

/** Holds when sandboxes come from E2B. */
export const withE2b: Condition = {
  when: "defaultSandboxProvider is e2b",
  holds: ({ defaultSandboxProvider }) => defaultSandboxProvider === "e2b",
};

/** Holds when sandboxes come from Modal. */
export const withModal: Condition = {
  when: "defaultSandboxProvider is modal",
  holds: ({ defaultSandboxProvider }) => defaultSandboxProvider === "modal",
};

/** Holds when integrations over Nango are on. */
export const withIntegrations: Condition = {
  when: "integrationsEnabled is true",
  holds: ({ integrationsEnabled }) => integrationsEnabled === true,
};

/** Holds when the llm-proxy is deployed. */
export const withLlmProxy: Condition = {
  when: "enableLlmProxy is true",
  holds: ({ enableLlmProxy }) => enableLlmProxy === true,
};

const withFullTls: Condition = {
  when: "databaseTlsVerification is full",
  holds: ({ databaseTlsVerification }) => databaseTlsVerification === "full",
};

/** Settings that more than one layer reads. */
export const commonSettings = {
  environment: defaulted(
    { shown: "the stack's name", value: ({ stack }) => stack },
    text("1 to 64 letters, digits, hyphens or underscores", /^[A-Za-z0-9_-]{1,64}$/),
    { layers: EVERY_LAYER, secret: false, description: "Value of the tag Environment." },
  ),
  resourcePrefix: defaulted(
    DEFAULT_RESOURCE_PREFIX,
    text(
      "2 to 24 lower-case letters, digits and hyphens, beginning with a letter",
      /^[a-z](?:[a-z0-9]|-(?=[a-z0-9])){1,23}$/,
    ),
    {
      layers: EVERY_LAYER,
      secret: false,
      description: "First part of every physical name; another value for a second environment in one account.",
      replaces: "nearly everything, RDS, Redis, secrets and repositories included",
    },
  ),
  deploymentProfile: defaulted("cloud", oneOf("cloud", "self_host"), {
    layers: EVERY_LAYER,
    secret: false,
    description: "Kind of installation; decides which keys are required.",
    variable: "DEPLOYMENT_PROFILE",
  }),
  protectResources: {
    ...defaulted(unlessLocal, bool, {
      layers: EVERY_LAYER,
      secret: false,
      description:
        "Whether the environment is protected: Pulumi protect, deletion protection of RDS and load balancers, the policy pack " +
        "in `up` and `preview`, one layer after another. A stack named `dev*` must say it.",
    }),
    required: namedDev,
  },
  enableLlmProxy: defaulted(true, bool, {
    layers: ["network", "secrets", "services"],
    secret: false,
    description: "The llm-proxy and all that belongs to it.",
  }),
  gatewayPort: defaulted(8787, integer(1024, 65535), {
    layers: ["network", "services"],
    secret: false,
    description: "Port of the gateway: container, target group, security-group rule.",
    variable: "GATEWAY_PORT",
  }),
  llmProxyPort: defaulted(4000, integer(1024, 65535), {
    layers: ["network", "services"],
    secret: false,
    description: "Port of the llm-proxy: container, target group, security-group rule.",
  }),
  defaultSandboxProvider: required(oneOf("e2b", "modal"), {
    layers: ["secrets", "services"],
    secret: false,
    description: "Where sandboxes run; decides which keys are required.",
    variable: "DEFAULT_SANDBOX_PROVIDER",
  }),
  integrationsEnabled: defaulted(false, bool, {
    layers: ["secrets", "services"],
    secret: false,
    description: "Integrations over Nango; decides which keys are required.",
    variable: "NEXT_PUBLIC_INTEGRATIONS_ENABLED",
  }),
  kmsKeyArn: optional(keyArn, {
    layers: EVERY_LAYER,
    secret: false,
    description:
      "Customer-managed KMS key of the region for the database, a replicated Redis, secrets, images and logs, instead of AWS's own. " +
      "Its policy must let CloudWatch Logs use it. 1 USD a month, and 0.03 USD for 10,000 requests.",
    replaces: "the database, a replicated Redis and the image repositories",
  }),
  alarmTopicArn: optional(topicArn, {
    layers: ["data", "services"],
    secret: false,
    description:
      "SNS topic that alarms are sent to; without one there are no alarms. 0.10 USD a month for each metric that is watched: " +
      "29 with all services, 2 more for each replica of Redis; and 0.30 USD for each service's count of logged errors.",
  }),
  applicationDatabaseDriver: defaulted("postgres.js", oneOf("postgres.js", "node-postgres"), {
    layers: ["data", "secrets"],
    secret: false,
    description:
      "Driver with which gateway and worker read `DATABASE_URL`. Each driver needs other words to encrypt and verify.",
  }),
  databaseTlsVerification: defaulted("none", oneOf("none", "full"), {
    layers: ["secrets", "services"],
    secret: false,
    description: "How clients verify the database's certificate; traffic is encrypted in both cases.",
  }),
  databaseCaBundlePath: requiredWhen(withFullTls, text("an absolute path", /^\/\S+$/), {
    layers: ["secrets", "services"],
    secret: false,
    description:
      "Path of the RDS CA certificates inside the images. The llm-proxy reads the first one only, so RDS's root must come first.",
    variable: "NODE_EXTRA_CA_CERTS",
  }),
};
