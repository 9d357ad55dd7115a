/** Keeps what a deployed environment's data is encrypted with: no key of it is made up or replaced by the way. */
import { UserError } from "@proliferate-infra/backend/errors";
import type { Environment } from "@proliferate-infra/backend/environment/environment";
import { copySettings } from "@proliferate-infra/backend/environment/missing-settings";
import { isAnyDeployed } from "@proliferate-infra/backend/pulumi-files/read-states";
import { withObjectStore } from "@proliferate-infra/backend/storage/open";
import { descriptionOf, keyNamed, type ConfigurationKey } from "./keys.ts";
import { namesIn, type ChangePlan } from "./plan-changes.ts";

/**
 * Refuses to make up secrets of a deployed environment that are missing in this checkout only.
 *
 * @throws UserError that names the keys, and how to get their values.
 */
export async function refuseGenerating(environment: Environment, keys: readonly ConfigurationKey[]): Promise<void> {
  if (keys.length > 0 && (await wasDeployed(environment))) {
    const { stack } = environment;
    throw new UserError(
      `Nothing was changed: ${stack} is deployed, but ${keys.join(", ")} are missing in this checkout. New values would replace those in use. Instead, ${copySettings(stack)}.`,
    );
  }
}

/**
 * Refuses to write secrets of a deployed environment whose change loses data for good.
 *
 * @throws UserError that names the keys, and the command that changes them all the same.
 */
export async function refuseLosingData(environment: Environment, plan: ChangePlan): Promise<void> {
  const losses = namesIn(plan).flatMap((name) => {
    const key = keyNamed(name);
    const loses = key === undefined ? undefined : descriptionOf(key).rotation?.loses;
    return loses === undefined ? [] : [{ name, loses }];
  });
  if (losses.length > 0 && (await wasDeployed(environment))) {
    const { stack } = environment;
    const lines = losses.map(
      ({ name, loses }) => `  ./rollout rotate ${name} --accept ${loses} --stack ${stack}     changes it and deploys`,
    );
    throw new UserError(
      [
        `Nothing was changed: ${stack} is deployed, and what is encrypted with ${losses.map(({ name }) => name).join(", ")} would be lost for good.`,
        `If this checkout lacks the value in use, ${copySettings(stack)}. If the loss is wanted:`,
        ...lines,
      ].join("\n"),
    );
  }
}

function wasDeployed({ state, stack }: Environment): Promise<boolean> {
  return withObjectStore(state, (store) => isAnyDeployed(store, stack));
}
