/** `rollout destroy`: deletes the selected layers in reverse order. */
import { layerNames, type LayerName } from "@proliferate-infra/shared/layers";
import { destroyOrder } from "./destroy-layers.ts";
import { runOnEnvironment } from "./environment-run.ts";
import { findEnvironment } from "./environment/environment.ts";
import type { EngineOperation, LayerEngine } from "./layer-engine.ts";
import { selectLayers } from "./layer-order.ts";
import { InvalidRequest, NO_CHANGES } from "./layer-results.ts";
import { openObjectStore } from "./object-store/object-store.ts";
import { ask, repositoryRoot, requireTerminal, say, type CommonOptions } from "./rollout-command.ts";
import { readStates } from "./state/read-states.ts";

/** Options of `destroy`. */
export interface DestroyOptions extends CommonOptions {
  /** The stack's name once more, where there is no terminal to type it on. */
  readonly confirm?: string;
}

/** Checks that nothing is protected or still in use, asks for the stack's name, destroys. Answers the exit code. */
export async function destroy(options: DestroyOptions): Promise<number> {
  const environment = findEnvironment(repositoryRoot, options.stack, process.env);
  const store = await openObjectStore(environment.state);
  const states = await readStates(store, options.stack, layerNames);
  store.close();
  const order = destroyOrder(selectLayers(options), states, options.stack);
  const count = order.reduce((sum, layer) => sum + (states.get(layer)?.resources.length ?? 0), 0);
  await confirm(options, count);
  // A layer without resources needs no engine; so a half-destroyed environment is finished quickly.
  const isEmpty = (layer: LayerName) => states.get(layer)?.resources.length === 0;
  const operate =
    ({ destroy: remove }: LayerEngine): EngineOperation =>
    (layer, onProgress) =>
      isEmpty(layer) ? Promise.resolve({ changes: NO_CHANGES, outputs: {} }) : remove(layer, onProgress);
  const { exitCode } = await runOnEnvironment(environment, options, {
    command: "destroy",
    order,
    operate,
    force: true,
  });
  return exitCode;
}

async function confirm(options: DestroyOptions, count: number): Promise<void> {
  const { stack } = options;
  if (options.yes === true) {
    if (options.confirm !== stack) {
      throw new InvalidRequest(`destroy --yes needs the stack's name too: --confirm ${stack}.`);
    }
    return;
  }
  requireTerminal("destroy", `add --yes --confirm ${stack}`);
  say(`This deletes ${count} resources of ${stack} for good.`);
  if ((await ask("Type the stack's name to go on: ")) !== stack) {
    throw new InvalidRequest("The name does not agree; nothing was deleted.");
  }
}
