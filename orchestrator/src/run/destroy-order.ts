/** The order of a destroy, from the layers' states, so that a second destroy can complete one that failed half-way. Pure. */
import type { LayerName } from "@proliferate-infra/shared/layers";
import { readersOf } from "../model/selection.ts";
import { UserError } from "@proliferate-infra/backend/errors";
import { isEmpty, NO_STATE } from "@proliferate-infra/backend/pulumi-files/state";
import type { LayerStates } from "@proliferate-infra/backend/pulumi-files/read-states";

/**
 * The order in which the selected layers are destroyed.
 *
 * @throws UserError when resources are protected, or a layer outside the selection still uses one inside.
 */
export function destroyOrder(selected: readonly LayerName[], states: LayerStates, stack: string): readonly LayerName[] {
  const stateOf = (layer: LayerName) => states.get(layer) ?? NO_STATE;
  const protectedIn = (layer: LayerName) => {
    const { resources, pendingOperations } = stateOf(layer);
    return [...resources, ...pendingOperations].filter(({ protect }) => protect).length;
  };
  const faults = selected.flatMap((layer) => [
    ...protectionFaults(layer, protectedIn(layer), stack),
    ...readersOf(layer)
      .filter((reader) => !selected.includes(reader) && !isEmpty(stateOf(reader)))
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
