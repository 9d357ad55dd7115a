/** Deploys layers of an environment whose settings are changed first, both under one lock: rotations and releases. */
import type { LayerName } from "@proliferate-infra/shared/layers";
import { runOnEnvironment, type PlanContext, type RunEnd } from "./run.ts";
import type { Environment } from "@proliferate-infra/backend/environment/environment";
import { refusingLosses } from "../safety/refuse-losses.ts";
import { refuseUnsafe } from "../safety/refuse-unsafe.ts";
import type { LayerEngine } from "../model/layer-engine.ts";
import { say } from "../terminal/say.ts";
import type { CommonOptions } from "../options.ts";
import type { Interruption } from "../terminal/signals.ts";
import { resourcesIn } from "@proliferate-infra/backend/pulumi-files/read-states";
import { verified } from "../verify/verified-deployment.ts";

/** Where and how to deploy. */
export interface Deployment {
  readonly environment: Environment;
  readonly options: CommonOptions;
  readonly interruption: Interruption;
}

/**
 * Under the environment's lock: `change`, then `up` of these layers in order, verified.
 *
 * @throws LockHeld, UserError and whatever `change` throws; nothing was deployed then.
 */
export async function deployAfter(
  change: () => Promise<void>,
  { environment, options, interruption }: Deployment,
  order: readonly LayerName[],
): Promise<RunEnd> {
  const { stack, facts } = environment;
  const plan = async ({ store }: PlanContext) => {
    await refuseUnsafe(store, stack, order, { warn: say, risks: "warn" });
    await change();
    const verification = { stack, region: facts?.region, signal: interruption.requested };
    const operate = (engine: LayerEngine) =>
      verified(refusingLosses(engine, resourcesIn(store, stack), []), verification);
    return { order, operate, force: false, pipelined: false };
  };
  return runOnEnvironment({ environment, options, interruption, command: "up", plan });
}
