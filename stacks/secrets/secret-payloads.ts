/** What each service's secret holds: environment variables by name, only those with a value. */
import * as pulumi from "@pulumi/pulumi";
import { byteLength, sizeProblem } from "@proliferate-infra/shared/aws/aws-limits";
import { withDatabaseTls, type ApplicationDatabaseDriver } from "@proliferate-infra/shared/aws/database-tls";
import type { ServiceKey } from "@proliferate-infra/shared/services";
import { describeTakenNames } from "@proliferate-infra/shared/settings/fault";

/** Content of a secret: variables by name. */
export type SecretPayload = Readonly<Record<string, string>>;

/** The operator's own variables, by the setting that has them. */
export type ExtraSecrets = Readonly<Partial<Record<"extraSecrets" | `${ServiceKey}ExtraSecrets`, SecretPayload>>>;

/** Everything that payloads are made from. */
export interface PayloadSources {
  /** Stack name, for the command in a message. */
  readonly stack: string;
  /** Variables of gateway and worker from the layer's own settings. */
  readonly variables: SecretPayload;
  readonly applicationDatabaseDriver: ApplicationDatabaseDriver;
  /** URL of the data layer, without TLS parameters unless it is an override that has some. */
  readonly databaseUrl: string;
  /** Certificates that clients verify the database with; undefined without verification. */
  readonly caBundlePath: string | undefined;
  /** Undefined while it carries no token; services then get it as a plain variable. */
  readonly redisUrl: string | undefined;
  readonly extra: ExtraSecrets;
}

/** Content of each service's secret. */
export type ServicePayloads = Readonly<Record<ServiceKey, SecretPayload>>;

/** @throws pulumi.RunError when a setting has a variable that the layer sets itself. */
export function servicePayloads(sources: PayloadSources): ServicePayloads {
  return {
    gateway: applicationPayload(sources, "gateway"),
    llmProxy: llmProxyPayload(sources),
    worker: applicationPayload(sources, "worker"),
  };
}

/** Secret of the gateway or the worker; the variables that are not their own are alike, and each checks them when it starts. */
export function applicationPayload(sources: PayloadSources, service: "gateway" | "worker"): SecretPayload {
  const builtIn = withoutMissing({
    ...sources.variables,
    DATABASE_URL: withDatabaseTls(sources.databaseUrl, sources.applicationDatabaseDriver, sources.caBundlePath),
    REDIS_URL: sources.redisUrl,
  });
  const common = withExtra(builtIn, "extraSecrets", sources);
  return { ...common, ...withExtra(builtIn, `${service}ExtraSecrets`, sources) };
}

export function llmProxyPayload(sources: PayloadSources): SecretPayload {
  const { variables, databaseUrl, caBundlePath } = sources;
  const builtIn = withoutMissing({
    ANTHROPIC_API_KEY: variables.ANTHROPIC_API_KEY,
    DATABASE_URL: withDatabaseTls(databaseUrl, "prisma", caBundlePath),
    LITELLM_MASTER_KEY: variables.LLM_PROXY_MASTER_KEY,
  });
  return withExtra(builtIn, "llmProxyExtraSecrets", sources);
}

/** @throws pulumi.RunError when the setting has a variable that the layer sets itself. */
function withExtra(builtIn: SecretPayload, key: keyof ExtraSecrets, { stack, extra }: PayloadSources): SecretPayload {
  const variables = extra[key] ?? {};
  const taken = Object.keys(variables).filter((name) => name in builtIn);
  if (taken.length > 0) {
    throw new pulumi.RunError(describeTakenNames({ layer: "secrets", stack }, key, true, taken));
  }
  return { ...builtIn, ...variables };
}

/** Names in a payload, sorted by code unit. */
export function payloadKeys(payload: SecretPayload): string[] {
  return Object.keys(payload).sort();
}

/**
 * A payload as the text of a secret. Sorted, so that equal payloads are equal texts and make no new version.
 *
 * @throws pulumi.RunError when Secrets Manager does not store so much.
 */
export function renderPayload(payload: SecretPayload): string {
  const text = JSON.stringify(Object.fromEntries(payloadKeys(payload).map((name) => [name, payload[name]])));
  const problem = sizeProblem("secret", byteLength(text));
  if (problem !== undefined) {
    throw new pulumi.RunError(`A service's secret ${problem}; shorten extraSecrets and the like.`);
  }
  return text;
}

function withoutMissing(variables: Readonly<Record<string, string | undefined>>): SecretPayload {
  const entries = Object.entries(variables).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.fromEntries(entries);
}
