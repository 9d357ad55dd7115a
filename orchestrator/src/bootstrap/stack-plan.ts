/** What to do about the stack of a layer: its state, and its settings file. Pure. */
import type { LayerName } from "@proliferate-infra/shared/layers";
import type { EnvironmentFacts } from "@proliferate-infra/backend/environment/environment-file";
import { copySettings } from "@proliferate-infra/backend/pulumi-files/stack-configuration";
import { itemOf, type PlanItem } from "./plan-item.ts";

/** A stack as it was found. */
export interface FoundStack {
  readonly layer: LayerName;
  readonly stack: string;
  /** It is in the state. */
  readonly isStored: boolean;
  /** Secrets provider that the state names; undefined when it names none. */
  readonly storedProvider: string | undefined;
  /** Its state has resources. */
  readonly isDeployed: boolean;
  /** Path of the settings file, from the repository's root. */
  readonly file: string;
  /** Secrets provider of the settings file; undefined when it has none. */
  readonly fileProvider: string | undefined;
  /** `aws:region` of the settings file; undefined when it has none. */
  readonly fileRegion: string | undefined;
}

/** The item for a layer's stack in the environment with these facts. */
export function planStack(found: FoundStack, { secretsProvider, region }: EnvironmentFacts): PlanItem {
  const { layer, stack, isStored, storedProvider, isDeployed, file, fileProvider, fileRegion } = found;
  const isOther = (provider: string | undefined) => provider !== undefined && provider !== secretsProvider;
  const refused = [
    isOther(storedProvider)
      ? [`is encrypted by ${storedProvider}, not ${secretsProvider}; pulumi stack change-secrets-provider changes it`]
      : [],
    isDeployed && fileProvider === undefined
      ? [`is deployed, but its settings ${file} are missing here; ${copySettings(stack)}`]
      : [],
    isOther(fileProvider) ? [`has the settings file ${file}, which uses ${fileProvider}; move it away`] : [],
    region !== undefined && fileRegion !== undefined && fileRegion !== region
      ? [`has aws:region ${fileRegion} in ${file}, not ${region}`]
      : [],
  ].flat();
  const fixed = [
    fileProvider === undefined ? ["write its secrets provider"] : [],
    region !== undefined && fileRegion === undefined ? [`set aws:region to ${region}`] : [],
  ].flat();
  const item = itemOf(`stack of ${layer}`, stack, { refused, fixed });
  return item.action === "refuse" || isStored ? item : { ...item, action: "create", details: [] };
}
