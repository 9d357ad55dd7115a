/** `rollout outputs`: the layers' outputs, without secrets. */
import { findEnvironment } from "@proliferate-infra/backend/environment/environment";
import { selectLayers } from "../model/selection.ts";
import { withObjectStore } from "@proliferate-infra/backend/storage/open";
import { repositoryRoot } from "@proliferate-infra/backend/root";
import type { CommonOptions } from "../options.ts";
import { printDocument } from "../terminal/say.ts";
import { publicValues } from "@proliferate-infra/backend/pulumi-files/state";
import { readStates } from "@proliferate-infra/backend/pulumi-files/read-states";

/** Prints the outputs of the selected layers, as JSON by layer or as lines. Returns the exit code. */
export async function outputs(options: CommonOptions): Promise<number> {
  const layers = selectLayers(options);
  const { state } = findEnvironment(repositoryRoot, options.stack, process.env);
  const states = await withObjectStore(state, (store) => readStates(store, options.stack, layers));
  const byLayer = Object.fromEntries([...states].map(([layer, each]) => [layer, publicValues(each)]));
  if (options.json === true) {
    printDocument(byLayer);
    return 0;
  }
  for (const [layer, values] of Object.entries(byLayer)) {
    for (const [key, value] of Object.entries(values)) {
      process.stdout.write(`${layer}.${key}: ${typeof value === "string" ? value : JSON.stringify(value)}\n`);
    }
  }
  return 0;
}
