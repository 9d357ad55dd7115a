/** `rollout outputs`: what the layers export, without secrets. */
import { readStates } from "./destroy-layers.ts";
import { findEnvironment } from "./environment/environment.ts";
import { selectLayers } from "./layer-order.ts";
import { pulumiEngine } from "./pulumi-engine.ts";
import { repositoryRoot, type CommonOptions } from "./rollout-command.ts";

/** Prints the outputs of the selected layers, as JSON by layer or as lines. Answers the exit code. */
export async function outputs(options: CommonOptions): Promise<number> {
  const states = await readStates(
    pulumiEngine(repositoryRoot, findEnvironment(repositoryRoot, options.stack, process.env)),
    selectLayers(options),
  );
  const byLayer = Object.fromEntries([...states].map(([layer, state]) => [layer, state.outputs]));
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
