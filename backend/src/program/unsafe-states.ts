/**
 * Why a layer must not be deployed now, from states. After a failed update Pulumi keeps the old outputs, so a layer that
 * reads them would build on values that look right and are not. Pure.
 */
import { layerByName, type LayerName } from "@proliferate-infra/shared/layers";
import type { PendingOperation } from "../pulumi-files/state.ts";
import type { Update } from "../pulumi-files/history.ts";
import type { Fault } from "../fault.ts";

/** What matters of a layer's state. */
export interface LayerHealth {
  readonly layer: LayerName;
  readonly pendingOperations: readonly PendingOperation[];
  /** Undefined when there was none. */
  readonly lastUpdate: Update | undefined;
  /** Whether Pulumi holds its lock on the stack, hence an update of it is running. */
  readonly isLocked: boolean;
}

/** Results of an update after which its outputs can be trusted; one that is `in-progress` was killed or runs now. */
const GOOD = "succeeded";

/** Upstreams that change at this moment, so that what is read of them may be wrong a second later. */
export function runningUpdates(stack: string, upstreams: readonly LayerHealth[]): readonly Fault[] {
  return upstreams
    .filter(({ isLocked }) => isLocked)
    .map(({ layer }) => ({
      message: `An update of ${layer} is running, or was killed.`,
      fix: `Wait until it has ended. If it was killed: pulumi cancel --stack ${stack} --cwd ${layerByName(layer).directory}`,
    }));
}

/** Why these upstreams may not be what their outputs say. A release may go on with them; a deployment of more does not. */
export function upstreamRisks(stack: string, upstreams: readonly LayerHealth[]): readonly Fault[] {
  return upstreams.flatMap((health) => {
    const { layer, lastUpdate } = health;
    const failed = lastUpdate !== undefined && lastUpdate.result !== GOOD;
    return [
      ...(failed
        ? [
            {
              message: `The last ${lastUpdate.kind} of ${layer} ended as ${lastUpdate.result}, so its resources may differ from its outputs.`,
              fix: deployFirst(stack, layer),
            },
          ]
        : []),
      ...cutOffOperations(stack, health),
    ];
  });
}

/** Operations of a layer that were cut off: the resources may exist without being in the state. */
export function cutOffOperations(
  stack: string,
  { layer, pendingOperations }: Pick<LayerHealth, "layer" | "pendingOperations">,
): readonly Fault[] {
  if (pendingOperations.length === 0) {
    return [];
  }
  return [
    {
      message: [
        `${layer} has operations that were cut off. AWS may have these resources although they are not in the state:`,
        ...pendingOperations.map(({ type, urn }) => `  ${type} ${urn}`),
      ].join("\n"),
      fix: `Deploy it: what AWS has created is found and taken into the state. ${deployCommand(stack, layer)}`,
    },
  ];
}

/** What to do before a layer is built on. */
export function deployFirst(stack: string, layer: LayerName): string {
  return `Deploy it first: ${deployCommand(stack, layer)}`;
}

function deployCommand(stack: string, layer: LayerName): string {
  return `scripts/deploy-all.sh --stack ${stack} --only ${layer}`;
}
