/** `rollout rotate`: new values of secrets into the settings, then into everything that reads them, under one lock. */
import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import type { SettingKey } from "@proliferate-infra/shared/settings/catalog";
import { deployAfter, type Deployment } from "../../run/deploy-after-change.ts";
import { findEnvironment } from "@proliferate-infra/backend/environment/environment";
import { ExitCode, UserError } from "@proliferate-infra/backend/errors";
import type { LayerResult } from "../../model/results.ts";
import { consent } from "../../terminal/consent.ts";
import { repositoryRoot } from "@proliferate-infra/backend/root";
import { say } from "../../terminal/say.ts";
import type { CommonOptions } from "../../options.ts";
import { listenForSignals } from "../../terminal/signals.ts";
import { checkConfigurations } from "../../settings/stack-configurations.ts";
import { generatedValues } from "../../settings/generated.ts";
import { openConfiguration, type EnvironmentConfiguration } from "../../settings/environment-settings.ts";
import { concernedLayers, givenValues, refuseLoss, rotatedKeys, type RotationValues } from "./request.ts";
import { doneText, effects, stoppedText } from "./texts.ts";
import { encryptedValues, type SettingsPlace } from "./secret-settings.ts";
import { saveValues, savedValues } from "./values-before.ts";

/** Options of `rotate`. */
export interface RotateOptions extends CommonOptions {
  /** Make the new values up. */
  readonly generate?: boolean;
  /** File with the new value; standard input without it. */
  readonly file?: string;
  /** Losses that are accepted, in the catalog's words. */
  readonly accept?: readonly string[];
  /** Go back to the values before the last rotation. */
  readonly back?: boolean;
}

/** New values that wait to be written. */
interface Rotation {
  readonly keys: readonly SettingKey[];
  readonly write: () => Promise<void>;
}

/** Checks, asks, writes the new values, deploys what reads them. Returns the exit code. */
export async function rotate(names: readonly string[], options: RotateOptions): Promise<number> {
  const { stack } = options;
  const environment = findEnvironment(repositoryRoot, stack, process.env);
  const place = { root: repositoryRoot, environment };
  const { keys, write } = options.back === true ? backwards(names, stack) : await forwards(names, options);
  const layers = concernedLayers(keys);
  checkConfigurations(repositoryRoot, stack, layers);
  requireValues(place, keys);
  say(`New values, and what they bring about:\n${effects(keys)}`);
  if (!(await consent("rotate", `Write them, and deploy ${layers.join(", ")} of ${stack}?`, options.yes))) {
    return ExitCode.done;
  }
  const interruption = listenForSignals(say);
  const request = { environment, options, interruption };
  let results: readonly LayerResult[] = [];
  let exitCode: number = ExitCode.layerFailed;
  const written: SettingKey[] = [];
  const writeValues = async () => {
    saveValues(repositoryRoot, stack, encryptedValues(place, keys));
    await write();
    written.push(...keys);
    await keepOldTokenValid(stack, keys);
  };
  try {
    ({ results, exitCode } = await deployAfter(writeValues, request, layers));
    exitCode = exitCode === ExitCode.done ? await endOldToken(request, keys) : exitCode;
  } finally {
    interruption.dispose();
    if (written.length > 0) {
      say(`\n${exitCode === ExitCode.done ? doneText(keys, results) : stoppedText(stack, keys, results)}`);
    }
  }
  return exitCode;
}

async function forwards(names: readonly string[], options: RotateOptions): Promise<Rotation> {
  const keys = rotatedKeys(names);
  refuseLoss(keys, options.accept ?? []);
  if (options.generate === true && options.file !== undefined) {
    throw new UserError("--generate makes the value up, --file has it; leave one of them out.");
  }
  const values = options.generate === true ? generatedValues(keys) : givenValues(keys, await newText(options));
  return { keys, write: () => setSettings(options.stack, values) };
}

/** In all layers that have them, or in none. */
async function setSettings(stack: string, values: RotationValues): Promise<void> {
  await openSettings(stack).change(() => values);
}

function openSettings(stack: string): EnvironmentConfiguration {
  return openConfiguration(repositoryRoot, stack, { env: process.env, say });
}

function backwards(names: readonly string[], stack: string): Rotation {
  if (names.length > 0) {
    throw new UserError("--back goes back with all secrets of the last rotation; leave the names out.");
  }
  const { keys, values } = savedValues(repositoryRoot, stack);
  return { keys, write: () => openSettings(stack).restore(values) };
}

async function newText({ file, stack }: RotateOptions): Promise<string> {
  if (file !== undefined) {
    try {
      return await readFile(file, "utf8");
    } catch (error) {
      throw new UserError(`The new value cannot be read: ${error instanceof Error ? error.message : ""}`);
    }
  }
  if (process.stdin.isTTY) {
    throw new UserError(
      `The new value comes on standard input, from a file, or is made up:\n  scripts/rotate-secret.sh --stack ${stack} KEY --file FILE\n  scripts/rotate-secret.sh --stack ${stack} KEY --generate`,
    );
  }
  return text(process.stdin);
}

/** There is nothing to rotate in a key that has no value. */
function requireValues(place: SettingsPlace, keys: readonly SettingKey[]): void {
  const missing = keys.filter((key) => Object.keys(encryptedValues(place, [key])).length === 0);
  if (missing.length > 0) {
    throw new UserError(
      `${missing.join(", ")} has no value in ${place.environment.stack} yet. Set it with pulumi config set --secret, and deploy.`,
    );
  }
}

/** Redis knows two tokens at a time, so tasks with the old one go on while the others start. */
async function keepOldTokenValid(stack: string, keys: readonly SettingKey[]): Promise<void> {
  if (keys.includes("redisAuthToken")) {
    await setSettings(stack, new Map([["redisAuthTokenUpdateStrategy", "ROTATE"]]));
  }
}

/** Once no task has the old token any more, Redis must not take it any longer. Returns the exit code. */
async function endOldToken(request: Deployment, keys: readonly SettingKey[]): Promise<number> {
  if (!keys.includes("redisAuthToken")) {
    return ExitCode.done;
  }
  say("\nThe new token is in use; Redis now forgets the old one.");
  // Written before the lock is taken: if that fails, the next deployment ends the old token.
  await setSettings(request.options.stack, new Map([["redisAuthTokenUpdateStrategy", "SET"]]));
  // Report and document are those of the run that brought the new token.
  const { stack, lockTimeout } = request.options;
  const options = { stack, ...(lockTimeout === undefined ? {} : { lockTimeout }) };
  const { exitCode } = await deployAfter(() => Promise.resolve(), { ...request, options }, ["data"]);
  return exitCode;
}
