/** Emulated AWS for tests: another port and folder than the local environment's. */
import { mkdtempSync, rmSync } from "node:fs";
import { isIPv4 } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LOCAL_BUILDS_VARIABLE } from "@proliferate-infra/backend/local-builds";
import {
  endpointOf,
  isRunning,
  startEmulator,
  stopEmulator,
} from "@proliferate-infra/orchestrator/commands/local/emulator";
import type { Emulator } from "@proliferate-infra/orchestrator/commands/local/record";
import { folderAt, makeFolders, type LocalFolder } from "@proliferate-infra/orchestrator/commands/local/folder";
import { localEnvironment } from "@proliferate-infra/backend/environment/local-names";
import { clientOptions, localVariables } from "@proliferate-infra/orchestrator/commands/local/variables";
import { changedEnvironment } from "@proliferate-infra/orchestrator/terminal/shell-exports";
import { destroyClients, stateClients, type ClientOptions } from "@proliferate-infra/orchestrator/aws/state-clients";
import { ensureStateBackend } from "@proliferate-infra/orchestrator/bootstrap/aws-backend";

/** A running emulator with an empty state backend. */
export interface TestEmulator {
  readonly endpoint: string;
  /** Its log is there, and PULUMI_HOME. Removed by `stop`. */
  readonly folder: LocalFolder;
  /** Complete environment for `pulumi` and `rollout`. */
  readonly env: NodeJS.ProcessEnv;
  /** For AWS SDK clients. */
  readonly clientOptions: Required<ClientOptions>;
  /** Ends it and removes its folder. */
  readonly stop: () => Promise<void>;
}

/** An emulator that the suite does not stop. */
export type SharedEmulator = Omit<TestEmulator, "stop">;

/** Starts an emulator on a free port. It also ends when the test process ends before it calls `stop`. */
export async function startTestEmulator(): Promise<TestEmulator> {
  const folder = folderAt(mkdtempSync(join(tmpdir(), "proliferate-emulator-")));
  makeFolders(folder);
  const emulator = await startEmulator({ folder, preferredPort: undefined, onSpawn: endWithThisProcess });
  const endpoint = loopbackEndpoint(endpointOf(emulator));
  const clients = stateClients(clientOptions(endpoint));
  await ensureStateBackend(clients, localEnvironment);
  destroyClients(clients);
  return {
    endpoint,
    folder,
    // Stacks of tests may be protected; here nothing real can be broken.
    env: {
      ...changedEnvironment(process.env, localVariables(endpoint, folder, process.env)),
      [LOCAL_BUILDS_VARIABLE]: "true",
    },
    clientOptions: clientOptions(endpoint),
    stop: async () => {
      await stopEmulator(emulator);
      rmSync(folder.root, { recursive: true, force: true });
    },
  };
}

let shared: Promise<TestEmulator> | undefined;

/**
 * The emulator that all suites of this process share, started by the first one that asks. It ends with the process. A suite keeps to
 * an account, a stack or a cluster of its own.
 */
export function sharedTestEmulator(): Promise<SharedEmulator> {
  shared ??= startTestEmulator().then((emulator) => {
    process.once("exit", () => {
      rmSync(emulator.folder.root, { recursive: true, force: true });
    });
    return emulator;
  });
  return shared;
}

function endWithThisProcess(emulator: Emulator): void {
  process.once("exit", () => {
    if (isRunning(emulator)) {
      process.kill(-emulator.pid, "SIGTERM");
    }
  });
}

/**
 * The endpoint, if it is on this machine: engine tests create and delete whole environments.
 *
 * @throws Error otherwise.
 */
export function loopbackEndpoint(endpoint: string | undefined): string {
  const host = endpoint !== undefined && URL.canParse(endpoint) ? new URL(endpoint).hostname : "";
  const isLoopback = host === "localhost" || host === "[::1]" || (isIPv4(host) && host.startsWith("127."));
  if (endpoint === undefined || !isLoopback) {
    throw new Error(`Engine tests run against 127.0.0.1 only; AWS_ENDPOINT_URL is ${endpoint ?? "not set"}.`);
  }
  return endpoint;
}
