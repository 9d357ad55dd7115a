/** Plain environment variables of gateway and worker. The llm-proxy has none: all it gets is in its secret. Pure. */
import { verifiedCaBundlePath } from "@proliferate-infra/shared/aws/database-tls";
import { keysOf, settingOf } from "@proliferate-infra/shared/settings/catalog";
import type { LayerSettings } from "@proliferate-infra/shared/settings/pulumi-settings";

/** Values that are only known when other resources exist. */
export interface EnvironmentFacts {
  readonly gatewayUrl: string;
  /** Undefined without the proxy. */
  readonly llmProxyUrl: string | undefined;
  /** Undefined when the service reads it from its secret. */
  readonly redisUrl: string | undefined;
}

/**
 * The common environment, which gateway and worker both check when they start: every setting that the catalog names
 * a variable for, what follows from resources, and the operator's own. A setting without value makes no variable.
 */
export function commonEnvironment(
  settings: LayerSettings<"services">,
  facts: EnvironmentFacts,
): Record<string, string> {
  return { ...settings.extraEnvironment, ...ownVariables(settings, facts) };
}

/** Names in `extraEnvironment` that the layer sets itself, sorted. */
export function takenNames(settings: LayerSettings<"services">): readonly string[] {
  const later = "known when the resources exist";
  const llmProxyUrl = settings.enableLlmProxy ? later : undefined;
  const own = ownVariables(settings, { gatewayUrl: later, llmProxyUrl, redisUrl: later });
  return Object.keys(settings.extraEnvironment)
    .filter((name) => name in own)
    .sort();
}

function ownVariables(settings: LayerSettings<"services">, facts: EnvironmentFacts): Record<string, string> {
  const values: Readonly<Record<string, unknown>> = {
    ...settings,
    gatewayPublicUrl: facts.gatewayUrl,
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
