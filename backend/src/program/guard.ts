/**
 * What a layer's own program looks at before it registers anything, so that a lone `pulumi up` keeps the rules of a
 * rollout: nobody else holds the environment, and what it builds on was deployed well. A rollout has looked itself.
 */
import { messageOf } from "../errors.ts";
import * as pulumi from "@pulumi/pulumi";
import { layerByName, type LayerName } from "@proliferate-infra/shared/layers";
import { repositoryRoot } from "../root.ts";
import { findEnvironment, type Environment } from "../environment/environment.ts";
import { holderText, obstacleOf } from "../lock/record.ts";
import { withLockStore } from "../lock/open.ts";
import { withObjectStore } from "../storage/open.ts";
import { saveRefusal } from "../pulumi-files/history.ts";
import { faultText } from "../fault.ts";
import { readHealth } from "./health.ts";
import { RUN_VARIABLE } from "./run-id.ts";
import { upstreamFaults } from "./unsafe-states.ts";

/**
 * Refuses to go on when the layer must not be deployed now. A preview is only warned, for it changes nothing.
 *
 * @throws pulumi.RunError that lists every reason.
 */
export async function guardLayer(layer: LayerName): Promise<void> {
  if (process.env[RUN_VARIABLE] !== undefined) {
    return;
  }
  const stack = pulumi.getStack();
  let faults: readonly string[];
  try {
    faults = await faultsOf(findEnvironment(repositoryRoot, stack, process.env), layer);
  } catch (error) {
    const reason = messageOf(error);
    void pulumi.log.warn(`Whether ${layer} may be deployed now could not be looked at: ${reason}`);
    return;
  }
  if (faults.length === 0) {
    return;
  }
  const text = `${layer} must not be deployed now:\n${faults.join("\n")}`;
  if (pulumi.runtime.isDryRun()) {
    void pulumi.log.warn(text);
    return;
  }
  throw new pulumi.RunError(text);
}

async function faultsOf({ state, stack }: Environment, layer: LayerName): Promise<readonly string[]> {
  return withObjectStore(state, async (store) => {
    const [record, upstreams] = await Promise.all([
      withLockStore(state, stack, (lock) => lock.read()),
      readHealth(store, stack, layerByName(layer).upstreams),
    ]);
    const obstacle = obstacleOf(record, Date.now());
    const held = obstacle.kind === "held" ? [`The environment is held by ${holderText(obstacle.holder)}.`] : [];
    const faults = [...held, ...upstreamFaults(stack, upstreams).map(faultText)];
    if (faults.length > 0 && !pulumi.runtime.isDryRun()) {
      await saveRefusal(store, stack, layer, Date.now());
    }
    return faults;
  });
}
