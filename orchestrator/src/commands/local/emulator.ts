/** Starts and stops the emulated AWS: ministack, one process on 127.0.0.1 with everything in its memory. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import getPort from "get-port";
import { StepFailed } from "@proliferate-infra/backend/errors";
import type { Emulator } from "./record.ts";
import type { LocalFolder } from "./folder.ts";
import { repositoryRoot } from "@proliferate-infra/backend/root";
import { ACCOUNT, REGION } from "@proliferate-infra/backend/environment/local-names";
import { identify } from "./process-identity.ts";

const PROGRAM = "ministack";
/** It starts in less than a second; a busy machine with cold disks gets a minute. */
const READY_WITHIN_MS = 60_000;
/** Time between SIGTERM and SIGKILL. */
const GONE_WITHIN_MS = 10_000;
const POLL_MS = 25;
const LOG_LINES = 15;
const ATTEMPTS = 3;
/** In its log when its port is in use. */
const PORT_TAKEN = /already in use/i;

/** URL of all its APIs. */
export function endpointOf({ port }: Pick<Emulator, "port">): string {
  return `http://127.0.0.1:${port}`;
}

/** How to start an emulator. */
export interface StartOptions {
  readonly folder: LocalFolder;
  /** Port to take when it is free. */
  readonly preferredPort: number | undefined;
  /** Called as soon as there is a process, before it is ready, so that it can be recorded. */
  readonly onSpawn: (emulator: Emulator) => void;
  /** Which rules of AWS it applies (docs/emulated-aws.md). By default as the variable EMULATED_RULES says. */
  readonly rules?: string;
}

/**
 * Starts an emulator that outlives this process, and waits until it answers. Tries again with another port when another program
 * has taken the port before the emulator listens on it.
 *
 * @throws StepFailed with the log's last lines when it ends or does not answer.
 */
export async function startEmulator(options: StartOptions): Promise<Emulator> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await startOnce(options);
    } catch (error) {
      if (attempt === ATTEMPTS || !(error instanceof StepFailed) || !PORT_TAKEN.test(readLog(options.folder))) {
        throw error;
      }
    }
  }
}

async function startOnce({ folder, preferredPort, onSpawn, rules }: StartOptions): Promise<Emulator> {
  const port = await getPort({ host: "127.0.0.1", ...(preferredPort === undefined ? {} : { port: preferredPort }) });
  const log = openSync(folder.log, "w", 0o600);
  const child = spawn(PROGRAM, [], {
    cwd: folder.temporary,
    env: emulatorVariables(folder, port, rules),
    stdio: ["ignore", log, log],
    detached: true,
  });
  closeSync(log);
  await spawned(child);
  const birth = child.pid === undefined ? undefined : identify(child.pid)?.birth;
  if (child.pid === undefined || birth === undefined) {
    throw fault("ended before it answered", folder);
  }
  const emulator = { pid: child.pid, birth, port, startedAt: new Date().toISOString() };
  onSpawn(emulator);
  child.unref();
  await untilReady(emulator, folder);
  return emulator;
}

async function spawned(child: ChildProcess): Promise<void> {
  try {
    await once(child, "spawn");
  } catch (error) {
    throw new StepFailed(`${PROGRAM}, the emulated AWS, cannot be started: ${String(error)}`, {
      fix: "use scripts/try-local.sh or source scripts/local-env.sh, which put it on PATH",
    });
  }
}

/** Only what it needs: no credentials of the user, no setting with which it would write files or open more ports. */
function emulatorVariables(folder: LocalFolder, port: number, rules = process.env.EMULATED_RULES): NodeJS.ProcessEnv {
  const { PATH, HOME, LANG, LC_ALL, LD_LIBRARY_PATH } = process.env;
  return {
    ...{ PATH, HOME, LANG, LC_ALL, LD_LIBRARY_PATH },
    // Our additions, which Python loads at its start.
    PYTHONPATH: join(repositoryRoot, "emulator", "additions"),
    EMULATED_RULES: rules,
    BIND_HOST: "127.0.0.1",
    GATEWAY_PORT: String(port),
    MINISTACK_ACCOUNT_ID: ACCOUNT,
    MINISTACK_REGION: REGION,
    // Its pid file goes there.
    TMPDIR: folder.temporary,
    PERSIST_STATE: "0",
    S3_PERSIST: "0",
    // Listeners of services that the layers do not use; they would not stay on 127.0.0.1.
    IOT_MTLS_ENABLED: "0",
    SFTP_ENABLED: "0",
    // With Docker it would start containers, and at its own start remove those of other emulators.
    DOCKER_HOST: `unix://${join(folder.temporary, "no-docker.sock")}`,
  };
}

/**
 * Waits until an emulator answers.
 *
 * @throws StepFailed with the log's last lines when it ends or does not answer.
 */
export async function untilReady(emulator: Emulator, folder: LocalFolder): Promise<void> {
  const deadline = Date.now() + READY_WITHIN_MS;
  while (!(await answers(emulator))) {
    if (!isRunning(emulator)) {
      throw fault("ended before it answered", folder);
    }
    if (Date.now() > deadline) {
      throw fault(`(process ${emulator.pid}) did not answer within ${READY_WITHIN_MS / 1000} seconds`, folder);
    }
    await sleep(POLL_MS);
  }
}

async function answers(emulator: Emulator): Promise<boolean> {
  try {
    const response = await fetch(`${endpointOf(emulator)}/_ministack/ready`, { signal: AbortSignal.timeout(2_000) });
    await response.body?.cancel();
    return response.ok && isRunning(emulator);
  } catch {
    return false;
  }
}

function readLog(folder: LocalFolder): string {
  return readFileSync(folder.log, "utf8");
}

function fault(what: string, folder: LocalFolder): StepFailed {
  const log = readLog(folder).trimEnd().split("\n").slice(-LOG_LINES);
  return new StepFailed(`${PROGRAM}, the emulated AWS, ${what}. The end of ${folder.log}:`, {
    log,
    fix: "run scripts/stop-local.sh, then try again",
  });
}

/** Whether the recorded process still runs and is the emulator. */
export function isRunning({ pid, birth }: Emulator): boolean {
  const found = identify(pid);
  // While a process begins another program, as wrappers do, its command line is empty for a moment.
  return found?.birth === birth && (found.command === "" || found.command.includes(PROGRAM));
}

/**
 * Stops an emulator and waits for its end. Another process that has its number now is left alone.
 *
 * @returns whether it was running.
 */
export async function stopEmulator(emulator: Emulator): Promise<boolean> {
  const wasRunning = isRunning(emulator);
  for (const signal of ["SIGTERM", "SIGKILL"] as const) {
    const deadline = Date.now() + GONE_WITHIN_MS;
    if (isRunning(emulator)) {
      // The whole group, which it leads since it was started detached: PATH may hold a wrapper around it.
      process.kill(-emulator.pid, signal);
    }
    while (isRunning(emulator) && Date.now() < deadline) {
      await sleep(POLL_MS);
    }
  }
  return wasRunning;
}
