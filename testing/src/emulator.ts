/** Emulated AWS for tests. Its port and folder are not those of the local environment. */
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
import {
  clientOptions,
  localVariables,
  type EmulatorOptions,
} from "@proliferate-infra/orchestrator/commands/local/variables";
import { changedEnvironment } from "@proliferate-infra/orchestrator/terminal/shell-exports";
import { destroyClients, stateClients } from "@proliferate-infra/orchestrator/aws/state-clients";
import { ensureStateBackend } from "@proliferate-infra/orchestrator/bootstrap/aws-backend";

/** A running emulator with an empty state backend. */
export interface TestEmulator {
  readonly endpoint: string;
  /** Contains the log and PULUMI_HOME. `stop` removes it. */
  readonly folder: LocalFolder;
  /** All environment variables for `pulumi` and `rollout`. */
  readonly env: NodeJS.ProcessEnv;
  /** Options for AWS SDK clients. */
  readonly clientOptions: EmulatorOptions;
  /** Stops the emulator and removes its folder. */
  readonly stop: () => Promise<void>;
}

/** An emulator that a suite must not stop. */
export type SharedEmulator = Omit<TestEmulator, "stop">;

/**
 * Starts an emulator on a free port. It also stops when the test process ends without calling `stop`.
 *
 * `rules`: which rules of AWS it applies, for example "-subnet-overlaps" (docs/emulated-aws.md). By default all that are on.
 */
export async function startTestEmulator(rules?: string): Promise<TestEmulator> {
  const folder = folderAt(mkdtempSync(join(tmpdir(), "proliferate-emulator-")));
  makeFolders(folder);
  const emulator = await startEmulator({
    ...{ folder, preferredPort: undefined, onSpawn: endWithThisProcess },
    ...(rules !== undefined && { rules }),
  });
  const endpoint = loopbackEndpoint(endpointOf(emulator));
  const clients = stateClients(clientOptions(endpoint));
  await ensureStateBackend(clients, localEnvironment);
  destroyClients(clients);
  return {
    endpoint,
    folder,
    // Tests may use protected stacks with tools that were built locally, because nothing real can break.
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
 * Returns the emulator that all suites of this process share. The first call starts it; it ends with the process. Each
 * suite must use its own account, stack or cluster.
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

/** Makes the emulator apply all changes that wait for the maintenance window. Returns the names of the changed resources. */
export async function passMaintenanceWindow(endpoint: string): Promise<readonly string[]> {
  const response = await fetch(`${endpoint}/_emulated/maintenance-window`, { method: "POST" });
  return ((await response.json()) as { readonly applied: readonly string[] }).applied;
}

function endWithThisProcess(emulator: Emulator): void {
  process.once("exit", () => {
    if (isRunning(emulator)) {
      process.kill(-emulator.pid, "SIGTERM");
    }
  });
}

/**
 * Returns the endpoint if it is on this machine. Engine tests create and delete whole environments.
 *
 * @throws Error when the endpoint is on another machine or missing.
 */
export function loopbackEndpoint(endpoint: string | undefined): string {
  const host = endpoint !== undefined && URL.canParse(endpoint) ? new URL(endpoint).hostname : "";
  const isLoopback = host === "localhost" || host === "[::1]" || (isIPv4(host) && host.startsWith("127."));
  if (endpoint === undefined || !isLoopback) {
    throw new Error(`Engine tests run against 127.0.0.1 only; AWS_ENDPOINT_URL is ${endpoint ?? "not set"}.`);
  }
  return endpoint;
}
