/** What the subcommands of `rollout local` do, and what they print. */
import { StepFailed } from "@proliferate-infra/backend/errors";
import { repositoryRoot } from "@proliferate-infra/backend/root";
import { endpointOf, isRunning } from "./emulator.ts";
import { readRecord, type Emulator } from "./record.ts";
import { localFolder, type LocalFolder } from "./folder.ts";
import { WHAT_IS_LOST } from "@proliferate-infra/backend/environment/local-names";
import type { LocalContext } from "./environment.ts";
import { localVariables } from "./variables.ts";
import { say } from "../../terminal/say.ts";
import { shellExports } from "../../terminal/shell-exports.ts";

const actions = { up, env: printVariables, status: printStatus, stop };

export type LocalAction = keyof typeof actions;

export async function runLocalAction(name: LocalAction): Promise<void> {
  const folder = localFolder(repositoryRoot, process.env);
  await actions[name]({ checkout: repositoryRoot, folder, env: process.env, say });
}

async function up(context: LocalContext): Promise<void> {
  const { bringUp } = await import("./environment.ts");
  const emulator = await bringUp(context);
  say(`Local environment: ready at ${endpointOf(emulator)}.`);
}

async function stop(context: LocalContext): Promise<void> {
  const { bringDown } = await import("./environment.ts");
  const stopped = await bringDown(context);
  if (stopped === undefined) {
    say("The emulated AWS was not running.");
  } else {
    say(`The emulated AWS (process ${stopped.pid}) is stopped. Gone with its memory: ${WHAT_IS_LOST}.`);
  }
}

function printVariables({ folder, env }: LocalContext): void {
  const { set, unset } = localVariables(endpointOf(runningEmulator(folder)), folder, env);
  // With PATH, so that a shell gets the tools that this command was found with.
  process.stdout.write(shellExports({ set: { PATH: env.PATH ?? "", ...set }, unset }));
}

function printStatus({ folder }: LocalContext): void {
  const emulator = runningEmulator(folder);
  const { pid, startedAt } = emulator;
  process.stdout.write(`running at ${endpointOf(emulator)} since ${startedAt}, process ${pid}\nlog: ${folder.log}\n`);
}

function runningEmulator(folder: LocalFolder): Emulator {
  const emulator = readRecord(folder)?.emulator;
  if (emulator === undefined || !isRunning(emulator)) {
    throw new StepFailed("The local environment is down.", { fix: "rollout local up" });
  }
  return emulator;
}
