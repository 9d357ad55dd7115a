/** Deploys layers and verifies the services, under the environment's lock: `up`, rotations and releases. */
import { layerNames, type LayerName } from "@proliferate-infra/shared/layers";
import type { Environment } from "@proliferate-infra/backend/environment/environment";
import { readStackFile, readStackFiles } from "@proliferate-infra/backend/pulumi-files/stack-file";
import { NO_STATE, publicValues } from "@proliferate-infra/backend/pulumi-files/state";
import { configuredImages } from "../model/service-images.ts";
import { isDeployed, readState, readStates, resourcesIn } from "@proliferate-infra/backend/pulumi-files/read-states";
import { LOCAL_STACK } from "@proliferate-infra/backend/environment/local-names";
import { repositoryRoot } from "@proliferate-infra/backend/root";
import { refuseStaleSettings } from "../settings/refuse-new-keys.ts";
import { SettingsSharing } from "../settings/shared-settings.ts";
import { layersAtRisk, refuseCreationOnly, undeployedChanges } from "../settings/refuse-lasting.ts";
import { refusePlannedLosses, refusingLosses } from "../safety/refuse-losses.ts";
import { refuseChanges } from "../safety/refuse-changes.ts";
import { refuseUnsafe, type SafetyOptions } from "../safety/refuse-unsafe.ts";
import type { SnapshotRequest } from "../aws/postgres-snapshot.ts";
import type { CommonOptions } from "../options.ts";
import { say } from "../terminal/say.ts";
import type { Interruption } from "../terminal/signals.ts";
import { verified } from "../verify/verified-deployment.ts";
import { layersToResume } from "./resume-plan.ts";
import { taggingDigests } from "./tag-digests.ts";
import { withSnapshotFirst } from "./snapshot-first.ts";
import { runOnEnvironment, type PlanContext, type RunEnd } from "./run.ts";

export interface DeployOptions extends CommonOptions {
  /** Also run layers that have not changed since their last successful deployment. */
  readonly force?: boolean;
  /** URNs of stateful resources that may be deleted or replaced. */
  readonly allowReplace?: readonly string[];
  /** Upgrade Postgres to another major version. */
  readonly allowUpgrade?: boolean;
  /** Run the layers that the last run has not completed, in place of the selected ones. */
  readonly resume?: boolean;
}

export interface Deployment {
  readonly environment: Environment;
  readonly options: DeployOptions;
  readonly interruption: Interruption;
  /** In the order of deployment. Ignored with the option `resume`. */
  readonly layers: readonly LayerName[];
  /** Whether layers run at the same time where possible. */
  readonly pipelined: boolean;
  readonly risks: SafetyOptions["risks"];
  /** Called under the lock, after the safety checks. */
  readonly changeSettings?: () => Promise<void>;
}

/**
 * Deploys the layers.
 *
 * @throws LockHeld, UserError and every error of `changeSettings`, before anything is deployed.
 */
export async function deploy(deployment: Deployment): Promise<RunEnd> {
  const { environment, options, interruption, layers, pipelined, risks, changeSettings } = deployment;
  const { stack, facts } = environment;
  return runOnEnvironment({
    ...{ environment, options, interruption },
    command: "up",
    plan: async (context) => {
      const order = options.resume === true ? await orderToResume(stack, context) : layers;
      const configurations = readStackFiles(repositoryRoot, stack, order).map(({ configuration }) => configuration);
      await refuseUnsafe(context.store, stack, order, configurations, { warn: say, risks });
      const sharing = new SettingsSharing(repositoryRoot, stack, context.store);
      const published = await refuseStaleSettings(environment, sharing);
      const states = await readStates(context.store, stack, layerNames);
      const change = refuseChanges(states, configurations, options.allowUpgrade === true);
      const deployed = order.filter((layer) => isDeployed(states.get(layer) ?? NO_STATE));
      const resourcesOf = resourcesIn(context.store, stack);
      const undeployed = undeployedChanges(stack, deployed, published, sharing.own());
      refuseCreationOnly(stack, undeployed);
      await changeSettings?.();
      const place = { stack, region: facts?.region, signal: interruption.requested };
      const { startedAt } = context.facts;
      const take = async (request: SnapshotRequest) =>
        (await import("../aws/postgres-snapshot.ts")).takeSnapshot(request);
      return {
        order,
        prepare: async ({ preview }) => {
          const atRisk = layersAtRisk(undeployed).filter((layer) => deployed.includes(layer));
          await refusePlannedLosses(preview, atRisk, options.allowReplace ?? []);
          // Nobody shares the local environment.
          if (stack !== LOCAL_STACK) {
            await sharing.publish({ by: context.facts.by, facts: facts ?? null });
          }
        },
        operate: (engine) => {
          const tagged = taggingDigests(engine.up, {
            images: () => configuredImages(readStackFile(repositoryRoot, "services", stack).configuration),
            outputs: async () => publicValues(await readState(context.store, stack, "services")),
            tag: async (...args) => (await import("../aws/ecr.ts")).tagImage(...args),
          });
          const up = withSnapshotFirst(tagged, { change, startedAt, take, ...place });
          return verified(refusingLosses({ ...engine, up }, resourcesOf, options.allowReplace ?? []), place);
        },
        force: options.force === true,
        pipelined,
      };
    },
  });
}

async function orderToResume(stack: string, context: PlanContext): Promise<readonly LayerName[]> {
  const { store, ledger, hasher, facts } = context;
  const [[last], states] = await Promise.all([ledger.runs(1), readStates(store, stack, layerNames)]);
  const hashes = [...states].map(async ([layer, state]) => [layer, await hasher.hashes(state)] as const);
  return layersToResume(last, { stack, commit: facts.commit, outputs: new Map(await Promise.all(hashes)) });
}
