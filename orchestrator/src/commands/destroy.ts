/** `rollout destroy`: deletes the selected layers in reverse order. */
import { layerNames } from "@proliferate-infra/shared/layers";
import { preflight } from "../checks/preflight.ts";
import { destroyOrder } from "../run/destroy-order.ts";
import { runOnEnvironment, type PlanContext, type RunPlan } from "../run/run.ts";
import { findEnvironment } from "@proliferate-infra/backend/environment/environment";
import type { EngineOperation } from "../model/layer-engine.ts";
import { selectLayers } from "../model/selection.ts";
import { NO_CHANGES } from "../model/results.ts";
import { UserError } from "@proliferate-infra/backend/errors";
import { withObjectStore } from "@proliferate-infra/backend/storage/open";
import { requireTerminal } from "../terminal/consent.ts";
import { repositoryRoot } from "@proliferate-infra/backend/root";
import { say } from "../terminal/say.ts";
import type { CommonOptions } from "../options.ts";
import { withSignals } from "../terminal/signals.ts";
import { isEmpty, NO_STATE } from "@proliferate-infra/backend/pulumi-files/state";
import { readStates, type LayerStates } from "@proliferate-infra/backend/pulumi-files/read-states";

export interface DestroyOptions extends CommonOptions {
  /** The stack's name again, where there is no terminal to type it. */
  readonly confirm?: string;
}

/** Checks that nothing is protected or still in use, asks for the stack's name, destroys. Returns the exit code. */
export async function destroy(options: DestroyOptions): Promise<number> {
  const environment = findEnvironment(repositoryRoot, options.stack, process.env);
  const selected = selectLayers(options);
  await preflight("destroy", { root: repositoryRoot, environment, layers: selected, env: process.env }, say);
  const states = await withObjectStore(environment.state, (store) => readStates(store, options.stack, layerNames));
  destroyOrder(selected, states, options.stack);
  const count = selected.reduce((sum, layer) => sum + (states.get(layer)?.resources.length ?? 0), 0);
  await confirm(options, count);
  const plan = async ({ store }: PlanContext): Promise<RunPlan> => {
    // Again, because nobody else can change the states under the lock.
    const current = await readStates(store, options.stack, layerNames);
    const order = destroyOrder(selected, current, options.stack);
    return { order, operate: (engine) => skippingEmpty(engine.destroy, current), force: true, pipelined: false };
  };
  const { exitCode } = await withSignals((interruption) =>
    runOnEnvironment({ environment, options, interruption, command: "destroy", plan }),
  );
  return exitCode;
}

/** Skips the engine for empty layers, so that completing an interrupted destroy is quick. */
function skippingEmpty(operate: EngineOperation, states: LayerStates): EngineOperation {
  return (layer, onProgress) =>
    isEmpty(states.get(layer) ?? NO_STATE)
      ? Promise.resolve({ changes: NO_CHANGES, outputs: {}, resources: [] })
      : operate(layer, onProgress);
}

async function confirm(options: DestroyOptions, count: number): Promise<void> {
  const { stack } = options;
  if (options.yes === true) {
    if (options.confirm !== stack) {
      throw new UserError(`destroy --yes needs the stack's name too: --confirm ${stack}.`);
    }
    return;
  }
  requireTerminal("destroy", `add --yes --confirm ${stack}`);
  say(`This deletes ${count} resources of ${stack}. They cannot be restored.`);
  const { askText } = await import("../terminal/prompts.ts");
  if ((await askText("Type the stack's name to continue:")) !== stack) {
    throw new UserError("That is not the stack's name. Nothing was deleted.");
  }
}
