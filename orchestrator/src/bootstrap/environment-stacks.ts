/** The stacks of an environment, one in each layer: looked at, and made where they are missing. */
import { relative } from "node:path";
import { fullKey } from "@proliferate-infra/shared/settings/fault";
import { layerByName, layerNames } from "@proliferate-infra/shared/layers";
import type { EnvironmentFacts } from "@proliferate-infra/backend/environment/environment-file";
import {
  addPlainSettings,
  plainSetting,
  providerOf,
  readStackFile,
  readStackFileFor,
  type PlainValue,
} from "@proliferate-infra/backend/pulumi-files/stack-file";
import { isDeployed, readState } from "@proliferate-infra/backend/pulumi-files/read-states";
import { providerName } from "@proliferate-infra/backend/pulumi-files/secrets";
import { NO_STATE } from "@proliferate-infra/backend/pulumi-files/state";
import { stackFile } from "@proliferate-infra/backend/pulumi-files/stack-configuration";
import type { BackendSetup } from "./backend-setup.ts";
import type { PlanItem } from "./plan-item.ts";
import { planStack, type FoundStack } from "./stack-plan.ts";

/** Runs `pulumi` in a folder, relative to the repository's root. */
export type RunPulumi = (directory: string, args: readonly string[]) => Promise<string>;

/** A layer's stack with what is planned for it. */
export interface PlannedStack {
  readonly found: FoundStack;
  readonly item: PlanItem;
}

/** Looks at the stacks of all layers, and plans. Changes nothing. */
export async function planStacks(
  root: string,
  stack: string,
  { facts, store }: BackendSetup,
): Promise<readonly PlannedStack[]> {
  return Promise.all(
    layerNames.map(async (layer) => {
      const path = stackFile(root, layer, stack);
      const file = readStackFile(path);
      const state = store === undefined ? NO_STATE : await readState(store, stack, layer);
      const found: FoundStack = {
        layer,
        stack,
        isStored: state.version !== undefined,
        storedProvider: state.secretsProvider && providerName(state.secretsProvider),
        isDeployed: isDeployed(state),
        file: relative(root, path),
        fileProvider: providerOf(file),
        fileRegion: plainSetting(file, "aws:region"),
      };
      return { found, item: planStack(found, facts) };
    }),
  );
}

/** What is written into new settings files. */
interface NewSettings extends EnvironmentFacts {
  /** Undefined where no stack is made: an environment that exists keeps the protection that it has. */
  readonly protectResources: boolean | undefined;
}

/** Makes what is missing, in all layers at once. Every layer is brought to its end before a failure is thrown. */
export async function applyStacks(
  root: string,
  planned: readonly PlannedStack[],
  facts: NewSettings,
  pulumi: RunPulumi,
): Promise<void> {
  const outcomes = await Promise.allSettled(planned.map(({ found }) => applyStack(root, found, facts, pulumi)));
  const failed = outcomes.find((outcome) => outcome.status === "rejected");
  if (failed !== undefined) {
    throw failed.reason;
  }
}

async function applyStack(
  root: string,
  { layer, stack, isStored }: FoundStack,
  { secretsProvider, region, protectResources }: NewSettings,
  pulumi: RunPulumi,
): Promise<void> {
  const file = readStackFileFor(stackFile(root, layer, stack), secretsProvider);
  const plain = new Map<string, PlainValue>(region === undefined ? [] : [["aws:region", region]]);
  if (!isStored && protectResources !== undefined) {
    plain.set(fullKey(layer, "protectResources"), protectResources);
  }
  addPlainSettings(file, secretsProvider, plain);
  if (!isStored) {
    const init = ["stack", "init", stack, "--secrets-provider", secretsProvider];
    // Another stack may be the one that the person works on.
    await pulumi(layerByName(layer).directory, [...init, "--no-select"]);
  }
}
