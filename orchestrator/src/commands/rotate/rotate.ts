/** `rollout rotate`: new values of secrets into the settings, then into everything that reads them, under one lock. */
import { settingOf, type SettingKey } from "@proliferate-infra/shared/settings/catalog";
import { fullKey } from "@proliferate-infra/shared/settings/fault";
import { findEnvironment } from "@proliferate-infra/backend/environment/environment";
import { ExitCode, UserError } from "@proliferate-infra/backend/errors";
import { repositoryRoot } from "@proliferate-infra/backend/root";
import type { LayerResult } from "../../model/results.ts";
import type { CommonOptions } from "../../options.ts";
import { deploy, type Deployment } from "../../run/deploy.ts";
import { preflight } from "../../checks/preflight.ts";
import { openConfiguration, type EnvironmentConfiguration } from "../../settings/environment-settings.ts";
import { readGivenFile, readStandardInput } from "../../settings/given-file.ts";
import { generatedValues } from "../../settings/generated.ts";
import { consent } from "../../terminal/consent.ts";
import { say } from "../../terminal/say.ts";
import { withSignals } from "../../terminal/signals.ts";
import { concernedLayers, givenValues, refuseLoss, rotatedKeys } from "./request.ts";
import { doneText, effects, stoppedText } from "./texts.ts";
import { saveValues, savedValues } from "./values-before.ts";

export interface RotateOptions extends CommonOptions {
  readonly generate?: boolean;
  /** File with the new value; standard input without it. */
  readonly file?: string;
  /** Accepted losses: values of `rotation.loses` in the catalog. */
  readonly accept?: readonly string[];
  /** Go back to the values before the last rotation. */
  readonly back?: boolean;
}

/** New values of these keys; `write` writes them into the settings. */
interface NewValues {
  readonly keys: readonly SettingKey[];
  readonly write: (settings: EnvironmentConfiguration) => Promise<unknown>;
}

/** Checks, asks for consent, writes the new values, deploys the layers that read them. Returns the exit code. */
export async function rotate(names: readonly string[], options: RotateOptions): Promise<number> {
  const { stack } = options;
  const environment = findEnvironment(repositoryRoot, stack, process.env);
  const settings = openConfiguration(repositoryRoot, stack, { env: process.env, say });
  const values = options.back === true ? valuesBefore(names, stack) : await newValues(names, options);
  const layers = concernedLayers(values.keys);
  await preflight("deploy", { root: repositoryRoot, environment, layers, env: process.env }, say);
  await requireValues(settings, values.keys, stack);
  say(`Secrets to rotate, and the effects:\n${effects(values.keys)}`);
  if (!(await consent("rotate", `Write the new values, and deploy ${layers.join(", ")} of ${stack}?`, options.yes))) {
    return ExitCode.done;
  }
  return withSignals((interruption) =>
    deployValues(values, settings, {
      ...{ environment, options, interruption, layers },
      pipelined: false,
      risks: "warn",
    }),
  );
}

async function newValues(names: readonly string[], options: RotateOptions): Promise<NewValues> {
  const keys = rotatedKeys(names);
  refuseLoss(keys, options.accept ?? []);
  if (options.generate === true && options.file !== undefined) {
    throw new UserError("--generate generates the value, --file has it; leave one of them out.");
  }
  const values = options.generate === true ? generatedValues(keys) : givenValues(keys, await newText(options));
  return { keys, write: (settings) => settings.change(() => values) };
}

function valuesBefore(names: readonly string[], stack: string): NewValues {
  if (names.length > 0) {
    throw new UserError("--back goes back with all secrets of the last rotation; leave the names out.");
  }
  const { keys, values } = savedValues(repositoryRoot, stack);
  return { keys, write: (settings) => settings.restore(values) };
}

async function newText({ file, stack }: RotateOptions): Promise<string> {
  if (file !== undefined) {
    return readGivenFile(file);
  }
  if (process.stdin.isTTY) {
    throw new UserError(
      `Give the new value on standard input or as a file, or have it generated:\n  scripts/rotate-secret.sh --stack ${stack} KEY --file FILE\n  scripts/rotate-secret.sh --stack ${stack} KEY --generate`,
    );
  }
  return readStandardInput();
}

async function requireValues(
  settings: EnvironmentConfiguration,
  keys: readonly SettingKey[],
  stack: string,
): Promise<void> {
  const encrypted = await settings.encrypted(keys);
  const missing = keys.filter((key) => !settingOf(key).layers.some((layer) => fullKey(layer, key) in encrypted));
  if (missing.length > 0) {
    const commands = missing.map((key) => `  scripts/configure.sh set --stack ${stack} --secret ${key}`);
    throw new UserError(
      [`Not set in ${stack} yet: ${missing.join(", ")}. Set and deploy instead:`, ...commands].join("\n"),
    );
  }
}

/** Writes the new values, deploys, prints which layers have the new values. Returns the exit code. */
async function deployValues(
  { keys, write }: NewValues,
  settings: EnvironmentConfiguration,
  deployment: Deployment,
): Promise<number> {
  const { stack } = deployment.environment;
  const rotatesToken = keys.includes("redisAuthToken");
  const written: SettingKey[] = [];
  let results: readonly LayerResult[] = [];
  let exitCode: number = ExitCode.layerFailed;
  const changeSettings = async () => {
    saveValues(repositoryRoot, stack, await settings.encrypted(keys));
    await write(settings);
    written.push(...keys);
    if (rotatesToken) {
      // Redis accepts two tokens at a time, so tasks with the old one go on while the others start.
      await settings.change(() => new Map([["redisAuthTokenUpdateStrategy", "ROTATE"]]));
    }
  };
  try {
    ({ results, exitCode } = await deploy({ ...deployment, changeSettings }));
    if (exitCode === ExitCode.done && rotatesToken) {
      exitCode = await endOldToken(settings, deployment);
    }
  } finally {
    if (written.length > 0) {
      say(`\n${exitCode === ExitCode.done ? doneText(keys, results) : stoppedText(stack, keys, results)}`);
    }
  }
  return exitCode;
}

/** Makes Redis refuse the old token, which no task has any more. Returns the exit code. */
async function endOldToken(settings: EnvironmentConfiguration, deployment: Deployment): Promise<number> {
  say("\nThe new token is in use. Removing the old one from Redis.");
  // Written before the lock is taken: if that fails, the next deployment ends the old token.
  await settings.change(() => new Map([["redisAuthTokenUpdateStrategy", "SET"]]));
  // Without --report and --json, which are for the deployment of the new token.
  const { stack, lockTimeout } = deployment.options;
  const options = { stack, ...(lockTimeout === undefined ? {} : { lockTimeout }) };
  const { exitCode } = await deploy({ ...deployment, options, layers: ["data"] });
  return exitCode;
}
