/** The order of a destroy, from the layers' states, so that a second destroy can complete one that failed half-way. Pure. */
import type { LayerName } from "@proliferate-infra/shared/layers";
import { readersOf } from "../model/selection.ts";
import { UserError } from "@proliferate-infra/backend/errors";
import type { LayerStates } from "@proliferate-infra/backend/pulumi-files/read-states";

/**
 * The order in which the selected layers are destroyed.
 *
 * @throws UserError when resources are protected, or a layer outside the selection still uses one inside.
 */
export function destroyOrder(selected: readonly LayerName[], states: LayerStates, stack: string): readonly LayerName[] {
  const resourcesOf = (layer: LayerName) => states.get(layer)?.resources ?? [];
  const faults = selected.flatMap((layer) => [
    ...protectionFaults(layer, resourcesOf(layer).filter(({ protect }) => protect).length, stack),
    ...readersOf(layer)
      .filter((reader) => !selected.includes(reader) && resourcesOf(reader).length > 0)
      .map((reader) => `${layer} is still used by ${reader}; destroy ${reader} first, or both together.`),
  ]);
  if (faults.length > 0) {
    throw new UserError(faults.join("\n"));
  }
  return selected.toReversed();
}

function protectionFaults(layer: LayerName, count: number, stack: string): string[] {
  if (count === 0) {
    return [];
  }
  const place = `--stack ${stack} --cwd stacks/${layer}`;
  return [
    `${layer} has ${count} protected resource(s). To allow their deletion:`,
    `  pulumi config set proliferate-${layer}:protectResources false ${place} && pulumi up ${place}`,
  ];
}
