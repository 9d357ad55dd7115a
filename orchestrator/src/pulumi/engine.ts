/** The engine: the Pulumi CLI through the Automation API, in each layer's folder. */
import { messageOf } from "@proliferate-infra/backend/errors";
import { configuredText } from "@proliferate-infra/backend/pulumi-files/stack-file";
import { join } from "node:path";
import type { EngineEvent, PulumiCommand, Stack } from "@pulumi/pulumi/automation/index.js";
import { layerByName, layers, type LayerName } from "@proliferate-infra/shared/layers";
import { isProtected } from "@proliferate-infra/shared/settings/common-settings";
import type { Environment } from "@proliferate-infra/backend/environment/environment";
import { EMPTY_LOG, plainText, progressOf, withEvent } from "./events.ts";
import {
  EngineFailure,
  StackLocked,
  type EngineOperation,
  type EngineResult,
  type LayerEngine,
  type OnProgress,
} from "../model/layer-engine.ts";
import type { PlaceholderSecrets } from "./placeholder-secrets.ts";
import { POLICY_PACK, policyVariables } from "./analyze-policies.ts";
import { completeCutOff } from "./cut-off-operations.ts";
import { EngineCommandFailed } from "./engine-process.ts";
import type { Interruption } from "../terminal/signals.ts";

/** Options of every operation: events instead of output, which may hold secrets. */
const QUIET = { color: "never", suppressOutputs: true } as const;

/**
 * The engine for an environment of the repository at `root`. `interruption` ends its operations; `onStart` gets the process number
 * of each operation. `placeholders` replace the secrets in comparisons.
 */
export function pulumiEngine(
  root: string,
  environment: Environment,
  interruption: Interruption,
  onStart: (layer: LayerName, pid: number) => void = () => undefined,
  placeholders?: PlaceholderSecrets,
): LayerEngine {
  let command: Promise<PulumiCommand> | undefined;
  // It takes a second and more for each layer, so environments without protection are checked by `rollout policy` only.
  const policiesOf = (layer: LayerName) =>
    isProtected(environment.stack, configuredText(root, layer, environment.stack, "protectResources"))
      ? { policyPacks: [join(root, POLICY_PACK)] }
      : {};
  const startedIn = (pid: number, cwd: string) => {
    layers
      .filter(({ directory }) => join(root, directory) === cwd)
      .forEach(({ name }) => {
        onStart(name, pid);
      });
  };
  const operation =
    (
      operate: (
        stack: Stack,
        onEvent: (event: EngineEvent) => void,
        layer: LayerName,
        onProgress: OnProgress,
      ) => Promise<unknown>,
    ): EngineOperation =>
    async (layer, onProgress) => {
      const directory = join(root, layerByName(layer).directory);
      const { automationCommand, openStack } = await import("./sdk-patches.ts");
      command ??= automationCommand({ interruption, onStart: startedIn });
      const pulumiVariables = {
        ...environment.pulumiVariables,
        ...policyVariables(root, layer, environment.stack),
      };
      const stack = await openStack(directory, { ...environment, pulumiVariables }, await command);
      return observe({ onProgress, interruption }, (onEvent) => operate(stack, onEvent, layer, onProgress));
    };
  return {
    up: operation((stack, onEvent, layer) => stack.up({ onEvent, ...QUIET, ...policiesOf(layer) })),
    preview: operation((stack, onEvent, layer) =>
      stack.preview({ onEvent, ...QUIET, ...policiesOf(layer), ...placeholders?.previewOptions(layer) }),
    ),
    refreshPreview: operation((stack, onEvent, layer) =>
      stack.previewRefresh({ onEvent, ...QUIET, ...placeholders?.refreshOptions(layer) }),
    ),
    destroy: operation((stack, onEvent) => stack.destroy({ onEvent, color: "never" })),
    completeCutOff: operation(async (stack, onEvent, layer, onProgress) => {
      const { findCreated } = await import("../aws/created/find-created.ts");
      const options = { region: environment.facts?.region, signal: interruption.requested };
      await completeCutOff({
        stack: environment.stack,
        run: {
          cwd: join(root, layerByName(layer).directory),
          env: { ...process.env, ...environment.pulumiVariables },
        },
        find: (creation, knownIds) => findCreated({ ...creation, knownIds }, options),
        refresh: (urns) => stack.refresh({ target: urns, onEvent, color: "never", suppressOutputs: true }),
        say: (text) => {
          onProgress({ kind: "message", text });
        },
      });
    }),
  };
}

interface Observation {
  readonly onProgress: OnProgress;
  readonly interruption: Interruption;
}

async function observe(
  { onProgress, interruption }: Observation,
  operate: (onEvent: (event: EngineEvent) => void) => Promise<unknown>,
): Promise<EngineResult> {
  let log = EMPTY_LOG;
  const onEvent = (event: EngineEvent) => {
    log = withEvent(log, event, Date.now());
    const progress = progressOf(event);
    if (progress !== undefined) {
      onProgress(progress);
    }
  };
  try {
    await operate(onEvent);
  } catch (error) {
    const reason = log.errors.length > 0 ? log.errors.join("\n") : reasonOf(error);
    const { changes, resources } = log;
    const Failure = reason.includes(LOCKED) ? StackLocked : EngineFailure;
    throw new Failure(reason, { changes, resources, interrupted: interruption.requested.aborted });
  }
  const { changes, outputs, resources } = log;
  return { changes, outputs, resources };
}

/** In the CLI's message (pulumi/pulumi, pkg/backend/diy/lock.go). */
const LOCKED = "the stack is currently locked by";

/** The reason from standard error, for a failure without events. */
function reasonOf(error: unknown): string {
  return error instanceof EngineCommandFailed ? plainText(error.message) : messageOf(error);
}
