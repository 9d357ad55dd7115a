/** Refuses changes of secrets that would lose data of a deployed environment. */
import { messageOf, UserError } from "@proliferate-infra/backend/errors";
import type { Environment } from "@proliferate-infra/backend/environment/environment";
import { pullCommand } from "@proliferate-infra/backend/environment/missing-settings";
import { decryptValue, openDataKey } from "@proliferate-infra/backend/pulumi-files/secrets";
import { parseStackFile } from "@proliferate-infra/backend/pulumi-files/stack-file";
import { fullKey } from "@proliferate-infra/shared/settings/fault";
import { isAnyDeployed } from "@proliferate-infra/backend/pulumi-files/read-states";
import { withObjectStore } from "@proliferate-infra/backend/storage/open";
import { configurationKeysOf, descriptionOf, keyNamed, type ConfigurationKey } from "./keys.ts";
import { namesIn, type ChangePlan } from "./plan-changes.ts";
import type { SettingsSharing, SettingsTexts } from "./shared-settings.ts";

/**
 * Refuses to generate secrets of a deployed environment, which are only missing in this checkout.
 *
 * @throws UserError with the keys, and how to get their values.
 */
export async function refuseGenerating(environment: Environment, keys: readonly ConfigurationKey[]): Promise<void> {
  if (keys.length > 0 && (await wasDeployed(environment))) {
    const { stack } = environment;
    throw new UserError(
      `Nothing was changed: ${stack} is deployed, but this checkout has no value of ${keys.join(", ")}. New values would replace those in use. This gets the values in use:\n  ${pullCommand(stack)}`,
    );
  }
}

/**
 * Refuses to change secrets of a deployed environment when data is lost by it.
 *
 * @throws UserError with the keys, and the command that changes them and accepts the loss.
 */
export async function refuseLosingData(environment: Environment, plan: ChangePlan): Promise<void> {
  await refuseLosses(environment, namesIn(plan));
}

/**
 * Refuses to deploy settings that are not current, and other values of such secrets than the published ones, which
 * `pulumi config set` may have written. Returns the published settings.
 *
 * @throws UserError as above and as `requireCurrent`, or when a value cannot be decrypted.
 */
export async function refuseStaleSettings(environment: Environment, sharing: SettingsSharing): Promise<SettingsTexts> {
  const published = await sharing.requireCurrent();
  const own = sharing.own();
  if (own.secrets === undefined || published.secrets === undefined || own.secrets === published.secrets) {
    return published;
  }
  const [mine, theirs] = await Promise.all([
    losingSecrets(own.secrets, environment),
    losingSecrets(published.secrets, environment),
  ]);
  const replaced = [...theirs.keys()].filter((key) => mine.has(key) && mine.get(key) !== theirs.get(key));
  await refuseLosses(environment, replaced);
  return published;
}

/** Plain values, by key, of the secrets whose change loses data. `text` is that of the layer's file. */
async function losingSecrets(text: string, environment: Environment): Promise<ReadonlyMap<string, string>> {
  const { stack, pulumiVariables } = environment;
  const { layer, secretsProvider, encrypted } = parseStackFile("secrets", stack, text);
  const values = configurationKeysOf(layer).flatMap((key) => {
    const value = encrypted.get(fullKey(layer, key));
    return value === undefined || lossOf(key) === undefined ? [] : [[key, value] as const];
  });
  if (secretsProvider === undefined || values.length === 0) {
    return new Map();
  }
  try {
    const dataKey = await openDataKey(secretsProvider, { ...process.env, ...pulumiVariables });
    return new Map(values.map(([key, value]) => [key, decryptValue(dataKey, value)]));
  } catch (error) {
    throw new UserError(
      `The secrets of ${stack} cannot be compared with the published ones: ${messageOf(error)}\nThis finds out what is missing:\n  ./rollout doctor --stack ${stack}`,
    );
  }
}

/** What a change of the key loses, as `rotate --accept` takes it; undefined for nothing. */
function lossOf(name: string): string | undefined {
  const key = keyNamed(name);
  return key === undefined ? undefined : descriptionOf(key).rotation?.loses;
}

async function refuseLosses(environment: Environment, names: readonly string[]): Promise<void> {
  const losing = names.filter((name) => lossOf(name) !== undefined);
  if (losing.length === 0 || !(await wasDeployed(environment))) {
    return;
  }
  const { stack } = environment;
  throw new UserError(
    [
      `Nothing was changed: ${stack} is deployed, and what is encrypted with ${losing.join(", ")} would be lost for good.`,
      `This gets the values in use:`,
      `  ${pullCommand(stack)}`,
      `If the loss is wanted, this changes the value and deploys it:`,
      ...losing.map((name) => `  ./rollout rotate ${name} --accept ${lossOf(name)} --stack ${stack}`),
    ].join("\n"),
  );
}

/** Whether any layer has resources; false where the state cannot be read, because settings can be changed without it. */
export function isKnownAsDeployed(environment: Environment): Promise<boolean> {
  return wasDeployed(environment).catch(() => false);
}

function wasDeployed({ state, stack }: Environment): Promise<boolean> {
  return withObjectStore(state, (store) => isAnyDeployed(store, stack));
}
