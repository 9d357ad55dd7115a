/** Brings the local environment up and down. One command at a time works on it. */
import { formatDuration } from "@proliferate-infra/shared/values/duration";
import { withFileLock } from "@proliferate-infra/backend/file-lock";
import { destroyClients, stateClients } from "../../aws/state-clients.ts";
import { ensureStateBackend } from "../../bootstrap/aws-backend.ts";
import { endpointOf, isRunning, startEmulator, stopEmulator, untilReady } from "./emulator.ts";
import { readRecord, writeRecord, type Emulator, type EnvironmentRecord } from "./record.ts";
import { checkOwner, claimSettings, releaseSettings } from "./owner.ts";
import { makeFolders, type LocalFolder } from "./folder.ts";
import { localEnvironment, WHAT_IS_LOST } from "@proliferate-infra/backend/environment/local-names";
import { forgetSecrets, setUpStacks } from "./stacks.ts";
import { clientOptions, localVariables } from "./variables.ts";
import { changedEnvironment } from "../../terminal/shell-exports.ts";

export interface LocalContext {
  /** Absolute path of the repository. */
  readonly checkout: string;
  readonly folder: LocalFolder;
  readonly env: NodeJS.ProcessEnv;
  readonly say: (line: string) => void;
}

/** Starts the emulator if it is down, and sets up state backend, stacks and settings as far as they are missing. */
export async function bringUp(context: LocalContext): Promise<Emulator> {
  const { folder } = context;
  makeFolders(folder);
  return locked(context, async () => {
    const record = readRecord(folder) ?? { schemaVersion: 1, checkout: context.checkout };
    checkOwner(context.checkout, folder);
    const emulator = await runningEmulator(record, context);
    claimSettings(context.checkout, folder, emulator);
    await setUp(emulator, record.keyId, context);
    return emulator;
  });
}

/** Stops the emulator. Returns the one that was running. */
export async function bringDown(context: LocalContext): Promise<Emulator | undefined> {
  const { folder } = context;
  makeFolders(folder);
  return locked(context, async () => {
    const record = readRecord(folder);
    if (record?.emulator === undefined) {
      return undefined;
    }
    const { emulator, ...rest } = record;
    const wasRunning = await stopEmulator(emulator);
    writeRecord(folder, rest);
    releaseSettings(context.checkout, folder);
    return wasRunning ? emulator : undefined;
  });
}

function locked<T>({ folder, say }: LocalContext, work: () => Promise<T>): Promise<T> {
  return withFileLock(folder.lock, work, () => {
    say("Waiting for another command that works on this local environment.");
  });
}

async function runningEmulator(record: EnvironmentRecord, { folder, say }: LocalContext): Promise<Emulator> {
  if (record.emulator !== undefined && isRunning(record.emulator)) {
    await untilReady(record.emulator, folder);
    return record.emulator;
  }
  const begin = performance.now();
  const emulator = await startEmulator({
    folder,
    preferredPort: record.port,
    onSpawn: (spawned) => {
      writeRecord(folder, { ...record, port: spawned.port, emulator: spawned });
    },
  });
  say(
    `Emulated AWS: started at ${endpointOf(emulator)} (process ${emulator.pid}, ${formatDuration(performance.now() - begin)}).`,
  );
  return emulator;
}

async function setUp(emulator: Emulator, oldKeyId: string | undefined, context: LocalContext): Promise<void> {
  const { checkout, folder, env, say } = context;
  const begin = performance.now();
  const endpoint = endpointOf(emulator);
  const clients = stateClients(clientOptions(endpoint));
  try {
    const keyId = await ensureStateBackend(clients, localEnvironment);
    if (keyId !== oldKeyId) {
      reportLoss(oldKeyId, forgetSecrets(checkout), say);
      // Only now: until the old secrets are gone from the settings, the next try must remove them.
      writeRecord(folder, { schemaVersion: 1, checkout, port: emulator.port, emulator, keyId });
    }
    const pulumiEnv = changedEnvironment(env, localVariables(endpoint, folder, env));
    const made = await setUpStacks({ checkout, env: pulumiEnv, clients });
    if (made.length > 0) {
      say(
        `Stack local: made in ${made.join(", ")}, with settings and new secrets (${formatDuration(performance.now() - begin)}).`,
      );
    }
  } finally {
    destroyClients(clients);
  }
}

function reportLoss(oldKeyId: string | undefined, hadSecrets: boolean, say: (line: string) => void): void {
  if (oldKeyId !== undefined) {
    say(`The emulator was stopped or reset. Lost with its memory: ${WHAT_IS_LOST}.`);
  } else if (hadSecrets) {
    say("Secrets of an earlier local environment, which nothing can read any more, are removed from the settings.");
  }
}
