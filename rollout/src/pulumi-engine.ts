/** The real engine: the Pulumi CLI through the Automation API, in each layer's folder. */
import { join } from "node:path";
import {
  CommandError,
  ConcurrentUpdateError,
  LocalWorkspace,
  Stack,
  type EngineEvent,
} from "@pulumi/pulumi/automation/index.js";
import { execa } from "execa";
import { layerByName, type LayerName } from "@proliferate-infra/shared/layers";
import type { Environment } from "./environment/environment.ts";
import { EMPTY_LOG, plainText, progressOf, publicOutputs, withEvent } from "./engine-events.ts";
import {
  EngineFailure,
  type EngineResult,
  type LayerEngine,
  type LayerState,
  type OnProgress,
} from "./layer-engine.ts";
import { NO_CHANGES } from "./layer-results.ts";
import type { Interruption } from "./signals.ts";

interface ExportedState {
  readonly deployment: {
    readonly resources?: readonly {
      readonly urn: string;
      readonly type: string;
      readonly protect?: boolean;
      readonly outputs?: Readonly<Record<string, unknown>>;
    }[];
  };
}

/** Marks an encrypted value in an exported state (pulumi/pulumi, sdk/go/common/resource/sig). */
const SECRET_SIGNATURE = "4dabf18193072939515e22adb298388d";

/** Pulumi for an environment of the repository at `root`. */
export function pulumiEngine(root: string, environment: Environment): LayerEngine {
  const stacks = new Map<LayerName, Promise<Stack>>();
  const directoryOf = (layer: LayerName) => join(root, layerByName(layer).directory);
  const stackOf = (layer: LayerName) => {
    const stack = stacks.get(layer) ?? openStack(directoryOf(layer), environment);
    stacks.set(layer, stack);
    return stack;
  };
  return {
    up: async (layer, onProgress, interruption) => {
      const stack = await stackOf(layer);
      const signal = interruption.engine;
      return observe(onProgress, interruption, (onEvent) =>
        stack.up({ onEvent, signal, color: "never", suppressOutputs: true }),
      );
    },
    preview: async (layer, onProgress, interruption) => {
      const stack = await stackOf(layer);
      const signal = interruption.engine;
      return observe(onProgress, interruption, (onEvent) =>
        stack.preview({ onEvent, signal, color: "never", suppressOutputs: true }),
      );
    },
    destroy: async (layer, onProgress, interruption) => {
      const stack = await stackOf(layer);
      const signal = interruption.engine;
      return observe(onProgress, interruption, (onEvent) => stack.destroy({ onEvent, signal, color: "never" }));
    },
    state: (layer) => readState(directoryOf(layer), environment),
  };
}

/**
 * A stack without the commands that the Automation API adds: it would select the stack in the user's workspace, and ask the
 * CLI twice for outputs and once for the history after each operation, which costs seconds. The events have it all.
 */
async function openStack(workDir: string, { stack: stackName, pulumiVariables }: Environment): Promise<Stack> {
  const workspace = await LocalWorkspace.create({ workDir, envVars: { ...pulumiVariables } });
  workspace.selectStack = () => Promise.resolve();
  workspace.stackOutputs = () => Promise.resolve({});
  const stack = await Stack.select(stackName, workspace);
  stack.info = () => Promise.resolve(undefined);
  return stack;
}

async function observe(
  onProgress: OnProgress,
  interruption: Interruption,
  operate: (onEvent: (event: EngineEvent) => void) => Promise<unknown>,
): Promise<EngineResult> {
  let log = EMPTY_LOG;
  const onEvent = (event: EngineEvent) => {
    log = withEvent(log, event);
    const progress = progressOf(event);
    if (progress !== undefined) {
      onProgress(progress);
    }
  };
  try {
    await operate(onEvent);
  } catch (error) {
    const reason = log.errors.length > 0 ? log.errors.join("\n") : reasonOf(error);
    throw new EngineFailure(reason, log.changes, interruption.rollout.aborted);
  }
  return { changes: log.changes, outputs: log.outputs };
}

/** What a failed command said on standard error, where there were no events; never its output, which may be long. */
function reasonOf(error: unknown): string {
  if (error instanceof ConcurrentUpdateError) {
    return "Another update of this stack is running, or was ended by force. If none is running: pulumi cancel.";
  }
  if (error instanceof CommandError) {
    const stderr = /\n stderr: ([\s\S]*?)\n err\??: /.exec(error.message)?.[1] ?? error.message;
    return plainText(stderr);
  }
  return error instanceof Error ? error.message : String(error);
}

/** Reads the state as it is stored, secrets encrypted. */
async function readState(workDir: string, { stack, pulumiVariables }: Environment): Promise<LayerState> {
  const options = { cwd: workDir, env: pulumiVariables, reject: false } as const;
  const { stdout, stderr, failed } = await execa("pulumi", ["stack", "export", "--stack", stack], options);
  if (failed) {
    throw new EngineFailure(plainText(stderr), NO_CHANGES, false);
  }
  const exported = JSON.parse(stdout) as ExportedState;
  const resources = exported.deployment.resources ?? [];
  const root = resources.find(({ type }) => type === "pulumi:pulumi:Stack");
  const outputs = Object.entries(root?.outputs ?? {}).filter(
    ([, value]) => !JSON.stringify(value).includes(SECRET_SIGNATURE),
  );
  return {
    resources: resources
      .filter(({ type }) => !type.startsWith("pulumi:"))
      .map(({ urn, protect }) => ({ urn, protect: protect === true })),
    outputs: publicOutputs(Object.fromEntries(outputs)),
  };
}
