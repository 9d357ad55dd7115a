/** What each service's secret holds: environment variables by name, only those with a value. Pure. */
import { withDatabaseTls, type ApplicationDatabaseDriver } from "@proliferate-infra/shared/aws/database-tls";

/** Content of a secret: variables by name. */
export type SecretPayload = Readonly<Record<string, string>>;

/** Everything that payloads are made from. */
export interface PayloadSources {
  /** Variables of gateway and worker from the layer's own settings. */
  readonly variables: SecretPayload;
  readonly applicationDatabaseDriver: ApplicationDatabaseDriver;
  /** URL of the data layer, without TLS parameters unless it is an override that has some. */
  readonly databaseUrl: string;
  /** Certificates that clients verify the database with; undefined without verification. */
  readonly caBundlePath: string | undefined;
  /** Undefined while it carries no token; services then get it as a plain variable. */
  readonly redisUrl: string | undefined;
  /** The operator's own variables. */
  readonly extraSecrets: SecretPayload;
}

/**
 * Secret of the gateway and of the worker, which check the same environment when they start.
 *
 * @throws Error when `extraSecrets` sets a variable that the layer sets itself.
 */
export function applicationPayload(sources: PayloadSources): SecretPayload {
  const builtIn = withoutMissing({
    ...sources.variables,
    DATABASE_URL: withDatabaseTls(sources.databaseUrl, sources.applicationDatabaseDriver, sources.caBundlePath),
    REDIS_URL: sources.redisUrl,
  });
  const clashes = Object.keys(sources.extraSecrets).filter((name) => name in builtIn);
  if (clashes.length > 0) {
    throw new Error(`extraSecrets must not set ${clashes.sort().join(", ")}: other settings of this layer do.`);
  }
  return { ...builtIn, ...sources.extraSecrets };
}

/** Secret of the llm-proxy. */
export function llmProxyPayload({ variables, databaseUrl, caBundlePath }: PayloadSources): SecretPayload {
  return withoutMissing({
    ANTHROPIC_API_KEY: variables.ANTHROPIC_API_KEY,
    DATABASE_URL: withDatabaseTls(databaseUrl, "prisma", caBundlePath),
    LITELLM_MASTER_KEY: variables.LLM_PROXY_MASTER_KEY,
  });
}

/** Names in a payload, sorted by code unit. */
export function payloadKeys(payload: SecretPayload): string[] {
  return Object.keys(payload).sort();
}

/** A payload as the text of a secret. Sorted, so that equal payloads are equal texts and make no new version. */
export function renderPayload(payload: SecretPayload): string {
  return JSON.stringify(Object.fromEntries(payloadKeys(payload).map((name) => [name, payload[name]])));
}

function withoutMissing(variables: Readonly<Record<string, string | undefined>>): SecretPayload {
  const entries = Object.entries(variables).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.fromEntries(entries);
}
