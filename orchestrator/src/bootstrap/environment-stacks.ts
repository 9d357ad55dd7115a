/** The stacks of an environment, one in each layer: looked at, and made where they are missing. */
import { setTimeout } from "node:timers/promises";
import { keysOf, type SettingKey } from "@proliferate-infra/shared/settings/catalog";
import { fullKey } from "@proliferate-infra/shared/settings/fault";
import { layerByName, layerNames, type LayerName } from "@proliferate-infra/shared/layers";
import type { EnvironmentFacts } from "@proliferate-infra/backend/environment/environment-file";
import { withMissing, type PlainValue } from "@proliferate-infra/backend/pulumi-files/edit-stack-file";
import {
  readStackFile,
  readStackFileFor,
  stackFileName,
  writeStackFile,
} from "@proliferate-infra/backend/pulumi-files/stack-file";
import { isDeployed, readState } from "@proliferate-infra/backend/pulumi-files/read-states";
import { providerName, type SecretsProvider } from "@proliferate-infra/backend/pulumi-files/secrets";
import { NO_STATE } from "@proliferate-infra/backend/pulumi-files/state";
import { pullCommand } from "@proliferate-infra/backend/environment/missing-settings";
import { parseStateUrl } from "@proliferate-infra/backend/environment/state-url";
import { StepFailed } from "@proliferate-infra/backend/errors";
import type { ObjectStore } from "@proliferate-infra/backend/storage/object-store";
import { checkRefusals, itemOf, type PlanItem } from "./plan-item.ts";

/** Runs `pulumi` in a folder, relative to the repository's root. */
export type RunPulumi = (directory: string, args: readonly string[]) => Promise<string>;

/** A stack as it was found. */
interface FoundStack {
  readonly layer: LayerName;
  readonly stack: string;
  /** It is in the state. */
  readonly isStored: boolean;
  /** What the state's secrets are encrypted with; undefined when it says nothing. */
  readonly stored: SecretsProvider | undefined;
  /** Its state has resources. */
  readonly isDeployed: boolean;
  /** Path of the settings file, from the repository's root. */
  readonly file: string;
  /** Secrets provider of the settings file; undefined when it has none. */
  readonly fileProvider: string | undefined;
  /** Whether the settings file has the stack's data key. */
  readonly hasDataKey: boolean;
  /** `aws:region` of the settings file; undefined when it has none. */
  readonly fileRegion: string | undefined;
}

/** A layer's stack with what is planned for it. */
export interface PlannedStack {
  readonly found: FoundStack;
  readonly item: PlanItem;
}

/** Where the stacks of an environment are. */
interface StacksPlace {
  /** Absolute path of the repository, for the settings files. */
  readonly root: string;
  readonly stack: string;
  /** Undefined as long as nothing can be stored. */
  readonly store: ObjectStore | undefined;
}

/** Looks at the stacks of all layers, and plans. Changes nothing. */
export async function planStacks(
  { root, stack, store }: StacksPlace,
  facts: EnvironmentFacts,
): Promise<readonly PlannedStack[]> {
  return Promise.all(
    layerNames.map(async (layer) => {
      const file = readStackFile(root, layer, stack);
      const state = store === undefined ? NO_STATE : await readState(store, stack, layer);
      const found: FoundStack = {
        layer,
        stack,
        isStored: state.version !== undefined,
        stored: state.secretsProvider,
        isDeployed: isDeployed(state),
        file: stackFileName(layer, stack),
        fileProvider: file.provider,
        hasDataKey: file.secretsProvider !== undefined,
        fileRegion: file.configuration.values.get("aws:region")?.text,
      };
      return { found, item: planStack(found, facts) };
    }),
  );
}

/** The item for a layer's stack in the environment with these facts. */
function planStack(found: FoundStack, { secretsProvider, region, stateUrl }: EnvironmentFacts): PlanItem {
  const { layer, stack, isStored, stored, isDeployed, file, fileProvider, hasDataKey, fileRegion } = found;
  const storedProvider = stored && providerName(stored);
  const isOther = (provider: string | undefined) => provider !== undefined && provider !== secretsProvider;
  const place = parseStateUrl(stateUrl);
  const folder = place.kind === "file" ? place.directory : undefined;
  const refused = [
    isOther(storedProvider)
      ? [`is encrypted by ${storedProvider}, not ${secretsProvider}; pulumi stack change-secrets-provider changes it`]
      : [],
    isDeployed && fileProvider === undefined
      ? [`is deployed, but its settings ${file} are missing here; ${pullCommand(stack, folder)} gets them`]
      : [],
    isOther(fileProvider) ? [`has the settings file ${file}, which uses ${fileProvider}; move it away`] : [],
    region !== undefined && fileRegion !== undefined && fileRegion !== region
      ? [`has aws:region ${fileRegion} in ${file}, not ${region}`]
      : [],
  ].flat();
  const fixed = [
    fileProvider === undefined ? ["write its secrets provider"] : [],
    stored !== undefined && !hasDataKey ? ["copy the key of its secrets from its state"] : [],
    region !== undefined && fileRegion === undefined ? [`set aws:region to ${region}`] : [],
  ].flat();
  const item = itemOf(`stack of ${layer}`, stack, { refused, fixed });
  return item.action === "refuse" || isStored ? item : { ...item, action: "create", details: [] };
}

/** What is written into new settings files. */
interface NewSettings extends EnvironmentFacts {
  /** Undefined where no stack is made: an environment that exists keeps the protection that it has. */
  readonly protectResources: boolean | undefined;
  /** What the organization requires, for the layers that have the setting. */
  readonly organization: ReadonlyMap<SettingKey, string>;
}

const ATTEMPTS = 4;

/**
 * Makes what is missing, in all layers. Where Pulumi fails, what is left is planned and tried again: another set-up may make the
 * same stacks at this moment, which Pulumi refuses in several ways.
 *
 * @throws UserError when there is now a stack that must not be used.
 * @throws StepFailed when Pulumi fails again and again.
 */
export async function completeStacks(
  place: StacksPlace,
  planned: readonly PlannedStack[],
  settings: NewSettings,
  pulumi: RunPulumi,
): Promise<void> {
  let left = planned;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    try {
      await applyStacks(place.root, left, settings, pulumi);
      return;
    } catch (error) {
      if (!(error instanceof StepFailed) || attempt === ATTEMPTS) {
        throw error;
      }
      // Two that wait equally long would meet again.
      await setTimeout(500 + 1000 * Math.random());
      left = await planStacks(place, settings);
      checkRefusals(left.map(({ item }) => item));
    }
  }
}

/** Works in all layers at once. Every layer is brought to its end before a failure is thrown. */
async function applyStacks(
  root: string,
  planned: readonly PlannedStack[],
  settings: NewSettings,
  pulumi: RunPulumi,
): Promise<void> {
  const outcomes = await Promise.allSettled(planned.map(({ found }) => applyStack(root, found, settings, pulumi)));
  const failed = outcomes.find((outcome) => outcome.status === "rejected");
  if (failed !== undefined) {
    throw failed.reason;
  }
}

async function applyStack(
  root: string,
  { layer, stack, isStored, stored }: FoundStack,
  { secretsProvider, region, protectResources, organization }: NewSettings,
  pulumi: RunPulumi,
): Promise<void> {
  const file = readStackFileFor(root, layer, stack, secretsProvider);
  const plain = new Map<string, PlainValue>(region === undefined ? [] : [["aws:region", region]]);
  if (!isStored && protectResources !== undefined) {
    plain.set(fullKey(layer, "protectResources"), protectResources);
  }
  for (const [key, text] of isStored ? [] : organization) {
    if (keysOf(layer).includes(key)) {
      plain.set(fullKey(layer, key), text);
    }
  }
  writeStackFile(root, file, withMissing(file, { secretsProvider, plain, dataKey: stored }));
  if (!isStored) {
    const init = ["stack", "init", stack, "--secrets-provider", secretsProvider];
    // Another stack may be the one that the person works on.
    await pulumi(layerByName(layer).directory, [...init, "--no-select"]);
  }
}
