/** Refuses changes of secrets that would lose data of a deployed environment. */
import { UserError } from "@proliferate-infra/backend/errors";
import type { Environment } from "@proliferate-infra/backend/environment/environment";
import { copySettings } from "@proliferate-infra/backend/environment/missing-settings";
import { isAnyDeployed } from "@proliferate-infra/backend/pulumi-files/read-states";
import { withObjectStore } from "@proliferate-infra/backend/storage/open";
import { descriptionOf, keyNamed, type ConfigurationKey } from "./keys.ts";
import { namesIn, type ChangePlan } from "./plan-changes.ts";

/**
 * Refuses to generate secrets of a deployed environment, which are only missing in this checkout.
 *
 * @throws UserError with the keys, and how to get their values.
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
 * Refuses to change secrets of a deployed environment when data is lost by it.
 *
 * @throws UserError with the keys, and the command that changes them and accepts the loss.
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
        `Nothing was changed: ${stack} is deployed, and what is encrypted with ${losses.map(({ name }) => name).join(", ")} would be lost.`,
        `If this checkout lacks the value in use, ${copySettings(stack)}. To accept the loss:`,
        ...lines,
      ].join("\n"),
    );
  }
}

function wasDeployed({ state, stack }: Environment): Promise<boolean> {
  return withObjectStore(state, (store) => isAnyDeployed(store, stack));
}
