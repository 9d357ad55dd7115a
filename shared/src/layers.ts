/**
 * The four layers and their order. Deployment, destruction, contracts and scripts all use this list.
 * Each layer is a Pulumi project. The stacks of one name in all four projects are one environment.
 */

/** Name of a layer, and of its folder in `stacks/`. */
export type LayerName = "network" | "data" | "secrets" | "services";

export interface Layer {
  readonly name: LayerName;
  /** Pulumi project name. It is also the namespace of the layer's configuration keys. */
  readonly project: string;
  /** Folder of the Pulumi project, relative to the repository's root. */
  readonly directory: string;
  /** Layers whose outputs this one reads, in deployment order. */
  readonly upstreams: readonly LayerName[];
}

function layer(name: LayerName, upstreams: readonly LayerName[]): Layer {
  return { name, project: `proliferate-${name}`, directory: `stacks/${name}`, upstreams };
}

/** All layers in deployment order: every layer comes after its upstreams. */
export const layers: readonly Layer[] = [
  layer("network", []),
  layer("data", ["network"]),
  layer("secrets", ["data"]),
  layer("services", ["network", "data", "secrets"]),
];

/** Names in deployment order. */
export const layerNames: readonly LayerName[] = layers.map(({ name }) => name);

export function layerByName(name: LayerName): Layer {
  const found = layers.find((candidate) => candidate.name === name);
  if (found === undefined) {
    throw new Error(`There is no layer "${name}"; the layers are ${layerNames.join(", ")}.`);
  }
  return found;
}

/** Returns the layers that depend on `name`, directly or through others, in deployment order. */
export function dependentsOf(name: LayerName): readonly LayerName[] {
  const affected = new Set<LayerName>([name]);
  for (const { name: candidate, upstreams } of layers) {
    if (upstreams.some((upstream) => affected.has(upstream))) {
      affected.add(candidate);
    }
  }
  affected.delete(name);
  return [...affected];
}
