/** Environment of a task of the gateway: its plain variables and those of its secret. */
import type { ApplicationDatabaseDriver } from "@proliferate-infra/shared/aws/database-tls";
import type { PlainSettings } from "@proliferate-infra/shared/settings/catalog";
import { applicationPayload } from "proliferate-secrets/secret-payloads.ts";
import { applicationEnvironment } from "proliferate-services/environment-variables.ts";

/** What the layers before services hand over, as far as clients see it. */
interface UpstreamValues {
  readonly applicationDatabaseDriver: ApplicationDatabaseDriver;
  readonly databaseUrl: string;
  readonly caBundlePath?: string | undefined;
  /** URL of Redis with a token, which is part of the secret. */
  readonly secretRedisUrl?: string | undefined;
  /** URL of Redis without a token, which is a plain variable. */
  readonly plainRedisUrl?: string | undefined;
}

export function taskEnvironment(
  settings: PlainSettings<"services">,
  { applicationDatabaseDriver, databaseUrl, caBundlePath, secretRedisUrl, plainRedisUrl }: UpstreamValues,
): Record<string, string> {
  const facts = {
    gatewayUrl: "http://gateway",
    llmProxyUrl: undefined,
    createdBucket: undefined,
    redisUrl: plainRedisUrl,
  };
  const secret = {
    ...{ variables: {}, extra: {}, stack: "prod" },
    ...{ applicationDatabaseDriver, databaseUrl, caBundlePath, redisUrl: secretRedisUrl },
  };
  return { ...applicationEnvironment(settings, "gateway", facts), ...applicationPayload(secret, "gateway") };
}
