/** Keys that several layers share. Each layer's configuration has its own copy unless it inherits the value; all copies must be equal. */
import { resourcePrefixLimits } from "../aws/aws-limits.ts";
import { tags } from "../values/tags.ts";
import { bool, integer, oneOf, text, within } from "../values/value-kinds.ts";
import { serviceNames, type ServiceName } from "../services.ts";
import {
  atOnce,
  creationOnly,
  interruption,
  moveData,
  removed,
  replacement,
  rolling,
  toFalse,
  toTrue,
} from "./effect.ts";
import { defaulted, optional, required, requiredWhen, type Condition, type Default } from "./setting.ts";

/** Default first part of every resource's name. */
export const DEFAULT_RESOURCE_PREFIX = "proliferate";

const topicArn = text("the ARN of an SNS topic", /^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w.-]+$/);

/** ARN of a KMS key. */
export const keyArn = text("the ARN of a KMS key", /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[0-9a-f-]+$/);

/** ARN of a managed policy of IAM. */
export const policyArn = text("the ARN of an IAM policy", /^arn:aws[a-z-]*:iam::(?:aws|\d{12}):policy\/[\w+=,.@/-]+$/);

const EVERY_LAYER = ["network", "data", "secrets", "services"] as const;

/** Default for protection and for final snapshots: on, except in the stack `local`. */
const isNotLocal = ({ stack }: { readonly stack: string }): boolean => stack !== "local";

/** Default that is true except in the stack `local`. */
export const unlessLocal: Default<boolean> = { shown: "true; false for the stack `local`", value: isNotLocal };

/**
 * Returns whether an environment is protected.
 *
 * @param configured text of its setting `protectResources`; undefined when the setting is missing
 */
export function isProtected(stack: string, configured: string | undefined): boolean {
  return (configured === undefined ? undefined : bool.parse(configured)) ?? isNotLocal({ stack });
}

/** Earlier versions left stacks of this name unprotected. No default is safe for everybody, so a person must choose. */
const namedDev: Condition = {
  when: "the stack's name begins with dev, which no longer turns protection off",
  holds: ({ stack }) => stack.startsWith("dev"),
  command: (key, stack) => `./rollout configure set ${key}=false --stack ${stack}     # or true`,
};

export const inProfileCloud: Condition = {
  when: "deploymentProfile is cloud",
  holds: ({ deploymentProfile }) => deploymentProfile === "cloud",
};

/** The environment does not create the bucket that the application needs. */
export const withForeignBucket: Condition = {
  when: "deploymentProfile is cloud and createS3Bucket is false",
  holds: ({ deploymentProfile, createS3Bucket }) => deploymentProfile === "cloud" && createS3Bucket !== true,
};

export const withE2b: Condition = {
  when: "defaultSandboxProvider is e2b",
  holds: ({ defaultSandboxProvider }) => defaultSandboxProvider === "e2b",
};

export const withModal: Condition = {
  when: "defaultSandboxProvider is modal",
  holds: ({ defaultSandboxProvider }) => defaultSandboxProvider === "modal",
};

export const withIntegrations: Condition = {
  when: "integrationsEnabled is true",
  holds: ({ integrationsEnabled }) => integrationsEnabled === true,
};

export const withLlmProxy: Condition = {
  when: "enableLlmProxy is true",
  holds: ({ enableLlmProxy }) => enableLlmProxy === true,
};

const withFullTls: Condition = {
  when: "databaseTlsVerification is full",
  holds: ({ databaseTlsVerification }) => databaseTlsVerification === "full",
};

/** The rules of the layer network change before the tasks. */
const unreachable = (service: ServiceName) =>
  interruption(`Nothing reaches the ${service} from the deployment of network until its new tasks run.`);

/** Settings of more than one layer. */
export const commonSettings = {
  environment: defaulted(
    { shown: "the stack's name", value: ({ stack }) => stack },
    text("1 to 64 letters, digits, hyphens or underscores", /^[A-Za-z0-9_-]{1,64}$/),
    {
      layers: EVERY_LAYER,
      secret: false,
      effects: [atOnce("Changes the tags of all resources. Running tasks get them with the next deployment.")],
      description: "Value of the tag Environment.",
    },
  ),
  resourcePrefix: defaulted(
    DEFAULT_RESOURCE_PREFIX,
    within(
      text(
        "2 to 24 lower-case letters, digits and hyphens, beginning with a letter",
        /^[a-z](?:[a-z0-9]|-(?=[a-z0-9])){1,23}$/,
      ),
      resourcePrefixLimits,
    ),
    {
      layers: EVERY_LAYER,
      secret: false,
      effects: [
        rolling(...serviceNames),
        replacement("nearly everything, including RDS, Redis, secrets and repositories", moveData),
      ],
      description: "First part of every physical name. Two environments in one account need different values.",
    },
  ),
  extraTags: defaulted({}, tags, {
    layers: EVERY_LAYER,
    secret: false,
    description:
      "Tags of all resources in addition to Project, Environment, Layer, ManagedBy and Name. `setup` tags the state's bucket, lock table and key.",
    effects: [atOnce("Changes the tags of all resources. Running tasks get them with the next deployment.")],
  }),
  permissionsBoundaryArn: optional(policyArn, {
    layers: ["network", "data", "services"],
    secret: false,
    description: "IAM policy that is the permissions boundary of every role. It must allow what the roles do.",
    effects: [atOnce("Sets the boundary of all roles.")],
  }),
  deploymentProfile: defaulted("cloud", oneOf("cloud", "self_host"), {
    layers: EVERY_LAYER,
    secret: false,
    effects: [rolling("gateway", "worker")],
    description: "Kind of installation. It decides which keys are required.",
    variable: "DEPLOYMENT_PROFILE",
  }),
  protectResources: {
    ...defaulted(unlessLocal, bool, {
      layers: EVERY_LAYER,
      secret: false,
      turnedOffInReverse: true,
      effects: [atOnce("Turns deletion protection on or off.")],
      description:
        "Protects the environment: sets Pulumi's protect and the deletion protection of RDS and load balancers, runs" +
        " the policy pack in `up` and `preview`, and deploys one layer at a time. A stack named `dev*` must set it.",
    }),
    required: namedDev,
  },
  createS3Bucket: defaulted(false, bool, {
    layers: ["data", "services"],
    secret: false,
    turnedOffInReverse: true,
    effects: [rolling("gateway", "worker"), toFalse(replacement("the bucket", "Copy its objects first."))],
    description:
      "Creates the application's S3 bucket: private, encrypted, versioned, TLS only. Use it instead of s3Bucket. Storage costs about " +
      "0.023 USD per GB and month.",
  }),
  enableLlmProxy: defaulted(true, bool, {
    layers: ["network", "secrets", "services"],
    secret: false,
    turnedOffInReverse: true,
    effects: [
      rolling("gateway", "worker"),
      toTrue(atOnce("Creates the llm-proxy.")),
      toFalse(
        replacement(
          "the llm-proxy with its load balancer, secret and repository",
          "Deploy services, then secrets, then network.",
        ),
      ),
    ],
    description: "Creates the llm-proxy and its resources.",
  }),
  gatewayPort: defaulted(8787, integer(1024, 65535), {
    layers: ["network", "services"],
    secret: false,
    inherited: true,
    effects: [rolling("gateway", "worker"), unreachable("gateway")],
    description: "Port of the gateway: container, target group, security-group rule.",
    variable: "GATEWAY_PORT",
  }),
  llmProxyPort: defaulted(4000, integer(1024, 65535), {
    layers: ["network", "services"],
    secret: false,
    inherited: true,
    effects: [rolling("llm-proxy"), unreachable("llm-proxy")],
    description:
      "Port of the llm-proxy: container, target group, security-group rule. LiteLLM gets a port other than 4000 as the variable PORT and, " +
      "without llmProxyCommand, in the command `--config /app/config.yaml --port <port>`.",
  }),
  defaultSandboxProvider: required(oneOf("e2b", "modal"), {
    layers: ["secrets", "services"],
    secret: false,
    effects: [rolling("gateway", "worker")],
    description: "Provider that runs sandboxes. It decides which keys are required.",
    variable: "DEFAULT_SANDBOX_PROVIDER",
  }),
  integrationsEnabled: defaulted(false, bool, {
    layers: ["secrets", "services"],
    secret: false,
    effects: [rolling("gateway", "worker")],
    description: "Turns on integrations through Nango. It decides which keys are required.",
    variable: "NEXT_PUBLIC_INTEGRATIONS_ENABLED",
  }),
  kmsKeyArn: optional(keyArn, {
    layers: EVERY_LAYER,
    secret: false,
    effects: [
      atOnce("Secrets, logs and the bucket encrypt new content with the new key."),
      replacement("the database, a Redis replication group and the image repositories", moveData),
    ],
    description:
      "Customer-managed KMS key, in the environment's region, that encrypts the database, a Redis replication group," +
      " secrets, images and logs. Left out: AWS's own keys. The key's policy must let CloudWatch Logs use it. 1 USD " +
      "a month, and 0.03 USD for 10,000 requests.",
  }),
  alarmTopicArn: optional(topicArn, {
    layers: ["data", "services"],
    secret: false,
    effects: [
      atOnce("Creates or changes the alarms."),
      // Its UpdateService without alarms lacks a field that the API demands.
      removed(
        creationOnly("The AWS provider cannot take the alarms away from a service. Remove the topic's subscriptions."),
      ),
    ],
    description:
      "SNS topic that receives the alarms. Left out: no alarms are created. 0.10 USD a month for each monitored " +
      "metric: 29 with all services, and 2 more for each Redis replica. 0.30 USD a month for each service's count of" +
      " logged errors.",
  }),
  applicationDatabaseDriver: defaulted("postgres.js", oneOf("postgres.js", "node-postgres"), {
    layers: ["data", "secrets"],
    secret: false,
    effects: [rolling("gateway", "worker")],
    description:
      "Database driver of gateway and worker. Each driver needs other parameters in `DATABASE_URL` for encryption" +
      " and verification.",
  }),
  databaseTlsVerification: defaulted("none", oneOf("none", "full"), {
    layers: ["secrets", "services"],
    secret: false,
    effects: [rolling(...serviceNames)],
    description: "Whether clients verify the database's certificate. Traffic is encrypted with both values.",
  }),
  databaseCaBundlePath: requiredWhen(withFullTls, text("an absolute path", /^\/\S+$/), {
    layers: ["secrets", "services"],
    secret: false,
    effects: [rolling(...serviceNames)],
    description:
      "Path of the RDS CA certificates inside the images. The llm-proxy reads only the first one, so RDS's root " +
      "must be first.",
    variable: "NODE_EXTRA_CA_CERTS",
  }),
};
