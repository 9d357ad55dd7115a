/** Plain environment variables of the services. Pure. */
import { verifiedCaBundlePath } from "@proliferate-infra/shared/aws/database-tls";
import { keysOf, settingOf } from "@proliferate-infra/shared/settings/catalog";
import type { LayerSettings } from "@proliferate-infra/shared/settings/pulumi-settings";
import type { ServiceKey } from "@proliferate-infra/shared/services";
import { LITELLM_PORT } from "./service-definitions.ts";

type Settings = LayerSettings<"services">;
type ExtraEnvironmentKey = "extraEnvironment" | `${ServiceKey}ExtraEnvironment`;

/** Values that are only known when other resources exist. */
export interface EnvironmentFacts {
  readonly gatewayUrl: string;
  /** Undefined without the proxy. */
  readonly llmProxyUrl: string | undefined;
  /** Name of the bucket that the layer data has created; undefined where it has none. */
  readonly createdBucket: string | undefined;
  /** Undefined when the service reads it from its secret. */
  readonly redisUrl: string | undefined;
}

/**
 * Variables of the gateway or the worker, which both check their common part when they start: every setting that the catalog
 * names a variable for, what follows from resources, and the operator's own. A setting without value makes no variable.
 */
export function applicationEnvironment(
  settings: Settings,
  service: "gateway" | "worker",
  facts: EnvironmentFacts,
): Record<string, string> {
  return { ...settings.extraEnvironment, ...settings[`${service}ExtraEnvironment`], ...ownVariables(settings, facts) };
}

/** Variables of the llm-proxy; its keys and its database are in its secret. */
export function llmProxyEnvironment(settings: Settings): Record<string, string> {
  const { llmProxyPort: port, llmProxyExtraEnvironment } = settings;
  return { ...llmProxyExtraEnvironment, ...(port !== LITELLM_PORT && { PORT: String(port) }) };
}

/** Names that the operator has set although the layer sets them itself, by the setting that has them. */
export function takenNames(settings: Settings): readonly (readonly [ExtraEnvironmentKey, readonly string[]])[] {
  const later = "known when the resources exist";
  const llmProxyUrl = settings.enableLlmProxy ? later : undefined;
  const createdBucket = settings.createS3Bucket ? later : undefined;
  const application = ownVariables(settings, { gatewayUrl: later, llmProxyUrl, createdBucket, redisUrl: later });
  const own = {
    extraEnvironment: application,
    gatewayExtraEnvironment: application,
    llmProxyExtraEnvironment: { PORT: later },
    workerExtraEnvironment: application,
  };
  return (Object.keys(own) as ExtraEnvironmentKey[])
    .map((key) => [key, Object.keys(settings[key]).filter((name) => name in own[key])] as const)
    .filter(([, names]) => names.length > 0);
}

function ownVariables(settings: Settings, facts: EnvironmentFacts): Record<string, string> {
  const values: Readonly<Record<string, unknown>> = {
    ...settings,
    gatewayPublicUrl: facts.gatewayUrl,
    s3Bucket: facts.createdBucket ?? settings.s3Bucket,
    llmProxyPublicUrl: facts.llmProxyUrl,
    databaseCaBundlePath: verifiedCaBundlePath(settings),
  };
  const variables: Record<string, string> = { NODE_ENV: "production" };
  for (const key of keysOf("services")) {
    const { variable } = settingOf(key);
    // The catalog's settings with a variable are single values.
    const value = values[key] as string | number | boolean | undefined;
    if (variable !== undefined && value !== undefined) {
      variables[variable] = String(value);
    }
  }
  if (facts.redisUrl !== undefined) {
    variables.REDIS_URL = facts.redisUrl;
  }
  return variables;
}
