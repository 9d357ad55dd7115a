/** `rollout outputs`: what the layers export, without secrets. */
import { findEnvironment } from "./environment/environment.ts";
import { selectLayers } from "./layer-order.ts";
import { openObjectStore } from "./object-store/object-store.ts";
import { repositoryRoot, type CommonOptions } from "./rollout-command.ts";
import { publicValues } from "./state/layer-state.ts";
import { readStates } from "./state/read-states.ts";

/** Prints the outputs of the selected layers, as JSON by layer or as lines. Answers the exit code. */
export async function outputs(options: CommonOptions): Promise<number> {
  const layers = selectLayers(options);
  const { state } = findEnvironment(repositoryRoot, options.stack, process.env);
  const store = await openObjectStore(state);
  const states = await readStates(store, options.stack, layers);
  store.close();
  const byLayer = Object.fromEntries([...states].map(([layer, each]) => [layer, publicValues(each)]));
  if (options.json === true) {
    process.stdout.write(`${JSON.stringify(byLayer, null, 2)}\n`);
    return 0;
  }
  for (const [layer, values] of Object.entries(byLayer)) {
    for (const [key, value] of Object.entries(values)) {
      process.stdout.write(`${layer}.${key}: ${typeof value === "string" ? value : JSON.stringify(value)}\n`);
    }
  }
  return 0;
}
