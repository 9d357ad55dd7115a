/** Plain environment variables of gateway and worker. The llm-proxy has none: all it gets is in its secret. Pure. */
import { verifiedCaBundlePath } from "@proliferate-infra/shared/database-tls";
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
 * a variable for, and what follows from resources. A setting without value makes no variable.
 *
 * @throws Error when `extraEnvironment` sets a variable that the layer sets itself.
 */
export function commonEnvironment(
  settings: LayerSettings<"services">,
  facts: EnvironmentFacts,
): Record<string, string> {
  const { extraEnvironment, ...own } = settings;
  const values: Readonly<Record<string, string | number | boolean | undefined>> = {
    ...own,
    gatewayPublicUrl: facts.gatewayUrl,
    llmProxyPublicUrl: facts.llmProxyUrl,
    databaseCaBundlePath: verifiedCaBundlePath(settings),
  };
  const builtIn: Record<string, string> = { NODE_ENV: "production" };
  for (const key of keysOf("services")) {
    const { variable } = settingOf(key);
    const value = values[key];
    if (variable !== undefined && value !== undefined) {
      builtIn[variable] = String(value);
    }
  }
  if (facts.redisUrl !== undefined) {
    builtIn.REDIS_URL = facts.redisUrl;
  }
  const clashes = Object.keys(extraEnvironment).filter((name) => name in builtIn);
  if (clashes.length > 0) {
    throw new Error(`extraEnvironment must not set ${clashes.sort().join(", ")}: other settings of this layer do.`);
  }
  return { ...builtIn, ...extraEnvironment };
}
