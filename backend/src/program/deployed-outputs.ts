/** Outputs of a layer's own last deployment, for its program. */
import * as pulumi from "@pulumi/pulumi";
import type { LayerName } from "@proliferate-infra/shared/layers";
import { findEnvironment } from "../environment/environment.ts";
import { messageOf } from "../errors.ts";
import { readState } from "../pulumi-files/read-states.ts";
import { publicValues } from "../pulumi-files/state.ts";
import { repositoryRoot } from "../root.ts";
import { withObjectStore } from "../storage/open.ts";

/**
 * The outputs in the state of `layer` that are not secret. None, with a warning, where the state cannot be read: the program must be able
 * to run then (`ROLLOUT_GUARD=off`).
 */
export async function deployedOutputs(layer: LayerName): Promise<Readonly<Record<string, unknown>>> {
  const stack = pulumi.getStack();
  try {
    const { state } = findEnvironment(repositoryRoot, stack, process.env);
    return publicValues(await withObjectStore(state, (store) => readState(store, stack, layer)));
  } catch (error) {
    void pulumi.log.warn(`The outputs of the last deployment cannot be read: ${messageOf(error)}`);
    return {};
  }
}
