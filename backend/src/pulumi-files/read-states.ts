/** Reads the layers' states from the place where Pulumi keeps them. */
import { layerByName, layerNames, type LayerName } from "@proliferate-infra/shared/layers";
import { STACKS_FOLDER } from "../environment/names.ts";
import { UserError } from "../errors.ts";
import type { ObjectStore } from "../storage/object-store.ts";
import { NO_STATE, parseState, type LayerState } from "./state.ts";

/** State of every layer that was asked for. */
export type LayerStates = ReadonlyMap<LayerName, LayerState>;

/** Reads the states of these layers at the same time. */
export async function readStates(
  store: ObjectStore,
  stack: string,
  layers: readonly LayerName[],
): Promise<LayerStates> {
  return new Map(
    await Promise.all(layers.map(async (layer) => [layer, await readState(store, stack, layer)] as const)),
  );
}

/**
 * Reads one layer's state.
 *
 * @throws UserError when what is stored is no state.
 */
export async function readState(store: ObjectStore, stack: string, layer: LayerName): Promise<LayerState> {
  const key = `${STACKS_FOLDER}${layerByName(layer).project}/${stack}.json`;
  const stored = await store.get(key);
  if (stored === undefined) {
    await refuseCompressed(store, key);
    return NO_STATE;
  }
  try {
    return parseState(stored.text, stored.version);
  } catch (error) {
    throw new UserError(
      `The state of ${layer} (${key}) cannot be read: ${String(error)}. pulumi stack export --stack ${stack} --cwd ${layerByName(layer).directory} may say more.`,
    );
  }
}

/** Whether any layer of the environment has resources. */
export async function isDeployed(store: ObjectStore, stack: string): Promise<boolean> {
  const states = await readStates(store, stack, layerNames);
  return [...states.values()].some(({ resources }) => resources.length > 0);
}

/** Reads URNs of a layer's resources from the states in `store`. */
export function resourcesIn(store: ObjectStore, stack: string): (layer: LayerName) => Promise<readonly string[]> {
  return async (layer) => (await readState(store, stack, layer)).resources.map(({ urn }) => urn);
}

/** Taken for missing, a state that Pulumi compressed would count as never deployed. */
async function refuseCompressed(store: ObjectStore, key: string): Promise<void> {
  for (const suffix of [".gz", ".zst"]) {
    if ((await store.get(key + suffix)) !== undefined) {
      throw new UserError(
        `The state ${key} is compressed. Unset PULUMI_DIY_BACKEND_GZIP and PULUMI_DIY_BACKEND_ZSTD, and run pulumi refresh in that layer once.`,
      );
    }
  }
}
