/**
 * Reads the layers' states where Pulumi stores them: `.pulumi/stacks/<project>/<stack>.json`, the layout of all its self-managed
 * backends. Asking the CLI would take a second for each layer.
 */
import { layerByName, layerNames, type LayerName } from "@proliferate-infra/shared/layers";
import { UserError } from "../errors.ts";
import type { ObjectStore, StoredText } from "../storage/object-store.ts";
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
 * @throws UserError when the stored document is no state, or is compressed.
 */
export async function readState(store: ObjectStore, stack: string, layer: LayerName): Promise<LayerState> {
  const stored = await storedState(store, stack, layer);
  if (stored === undefined) {
    return NO_STATE;
  }
  try {
    return parseState(stored.text, stored.version);
  } catch (error) {
    throw new UserError(
      `The state of ${layer} (${stateKey(stack, layer)}) cannot be read: ${String(error)}. pulumi stack export --stack ${stack} --cwd ${layerByName(layer).directory} may show more.`,
    );
  }
}

/**
 * A layer's state as stored; undefined when the layer does not have the stack.
 *
 * @throws UserError when it is compressed.
 */
export async function storedState(
  store: ObjectStore,
  stack: string,
  layer: LayerName,
): Promise<StoredText | undefined> {
  const key = stateKey(stack, layer);
  const stored = await store.get(key);
  if (stored === undefined) {
    await refuseCompressed(store, key);
  }
  return stored;
}

/** Key of a layer's state in the store. */
export function stateKey(stack: string, layer: LayerName): string {
  return `.pulumi/stacks/${layerByName(layer).project}/${stack}.json`;
}

/** Whether a layer has resources. */
export function isDeployed({ resources }: LayerState): boolean {
  return resources.length > 0;
}

/** Whether any layer of the environment has resources. */
export async function isAnyDeployed(store: ObjectStore, stack: string): Promise<boolean> {
  return [...(await readStates(store, stack, layerNames)).values()].some(isDeployed);
}

/** Reads URNs of a layer's resources from the states in `store`. */
export function resourcesIn(store: ObjectStore, stack: string): (layer: LayerName) => Promise<readonly string[]> {
  return async (layer) => (await readState(store, stack, layer)).resources.map(({ urn }) => urn);
}

/** Without this, a compressed state would count as never deployed. */
async function refuseCompressed(store: ObjectStore, key: string): Promise<void> {
  const compressed = (await store.list(key)).find((other) => [`${key}.gz`, `${key}.zst`].includes(other));
  if (compressed !== undefined) {
    throw new UserError(
      `The state ${compressed} is compressed. Unset PULUMI_DIY_BACKEND_GZIP and PULUMI_DIY_BACKEND_ZSTD, and run pulumi refresh in that layer once.`,
    );
  }
}
