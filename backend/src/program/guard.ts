/**
 * What a layer's program checks before it registers resources, so that a lone `pulumi up` is as safe as a rollout: nobody else holds
 * the environment, no upstream is being updated or was deployed with other common settings, and AWS does not refuse the change. A rollout
 * has checked that before it runs the program.
 */
import { messageOf } from "../errors.ts";
import * as pulumi from "@pulumi/pulumi";
import { layerByName, layerNames, type LayerName } from "@proliferate-infra/shared/layers";
import { repositoryRoot } from "../root.ts";
import { findEnvironment } from "../environment/environment.ts";
import { holderText, obstacleOf } from "../lock/record.ts";
import { withLockStore } from "../lock/open.ts";
import { withObjectStore } from "../storage/open.ts";
import { refusableLayers, refusedChanges } from "../changes/refused-changes.ts";
import { readStates } from "../pulumi-files/read-states.ts";
import { saveRefusal } from "../pulumi-files/history.ts";
import { isProtected } from "@proliferate-infra/shared/settings/common-settings";
import { currentConfiguration } from "@proliferate-infra/shared/settings/pulumi-settings";
import { faultText, type Fault } from "../fault.ts";
import { LOCAL_BUILDS_VARIABLE, localBuildsOnPath } from "../local-builds.ts";
import { undeployedSettings } from "./deployed-settings.ts";
import { readHealth } from "./health.ts";
import { RUN_VARIABLE } from "./run-id.ts";
import { runningUpdates, upstreamRisks } from "./unsafe-states.ts";

/** Variable that, set to `off`, lets a program run where lock and states cannot be read. For emergencies. */
const GUARD_VARIABLE = "ROLLOUT_GUARD";

/**
 * Refuses to go on when the layer must not be deployed now with these settings, or that cannot be found out. A preview is only warned, for it
 * changes nothing. An upstream whose last update failed is a warning: a release must be possible then.
 *
 * @throws pulumi.RunError that lists every reason.
 */
export async function guardLayer(layer: LayerName, settings: object): Promise<void> {
  if (process.env[RUN_VARIABLE] !== undefined) {
    return;
  }
  const stack = pulumi.getStack();
  const faults = await faultsOf(stack, layer, settings).catch(unreadable);
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

function unreadable(error: unknown): readonly string[] {
  const reason = `Lock and states cannot be read: ${messageOf(error)}`;
  if (process.env[GUARD_VARIABLE] === "off") {
    void pulumi.log.warn(reason);
    return [];
  }
  return [`${reason}\nIf you are sure that nobody else works on the environment: ${GUARD_VARIABLE}=off`];
}

async function faultsOf(stack: string, layer: LayerName, settings: object): Promise<readonly string[]> {
  const { state } = findEnvironment(repositoryRoot, stack, process.env);
  return withObjectStore(state, async (store) => {
    const [record, upstreams, states] = await Promise.all([
      withLockStore(state, stack, (lock) => lock.read()),
      readHealth(store, stack, layerByName(layer).upstreams),
      readStates(store, stack, refusableLayers.includes(layer) ? layerNames : []),
    ]);
    const obstacle = obstacleOf(record, Date.now());
    const held = obstacle.kind === "held" ? [`The environment is held by ${holderText(obstacle.holder)}.`] : [];
    const others = [
      ...runningUpdates(stack, upstreams),
      ...forbiddenBuilds(stack),
      ...undeployedSettings(currentConfiguration(layer), upstreams),
      ...refusedChanges(states, { [layer]: settings }, false),
    ];
    const faults = [...held, ...others.map(faultText)];
    for (const risk of upstreamRisks(stack, upstreams)) {
      void pulumi.log.warn(faultText(risk));
    }
    if (faults.length > 0 && !pulumi.runtime.isDryRun()) {
      await saveRefusal(store, stack, layer, Date.now());
    }
    return faults;
  });
}

/** The programs that a protected environment refuses. */
function forbiddenBuilds(stack: string): readonly Fault[] {
  const isAllowed = process.env[LOCAL_BUILDS_VARIABLE] === "true";
  return isAllowed || !isProtected(stack, new pulumi.Config().get("protectResources"))
    ? []
    : localBuildsOnPath(process.env);
}
