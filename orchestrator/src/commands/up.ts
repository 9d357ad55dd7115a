/** `rollout up`: deploys the selected layers in order. */
import { layerNames, type LayerName } from "@proliferate-infra/shared/layers";
import { preflight } from "../checks/preflight.ts";
import { runOnEnvironment, type PlanContext } from "../run/run.ts";
import { findEnvironment } from "@proliferate-infra/backend/environment/environment";
import { refusingLosses } from "../safety/refuse-losses.ts";
import { refuseUnsafe } from "../safety/refuse-unsafe.ts";
import type { LayerEngine } from "../model/layer-engine.ts";
import { selectLayers } from "../model/selection.ts";
import { UserError } from "@proliferate-infra/backend/errors";
import { layersToResume } from "../run/resume-plan.ts";
import { migratingEnvironment } from "../run/migrating.ts";
import { pipelinesByDefault } from "../run/default-pipelining.ts";
import { consent } from "../terminal/consent.ts";
import { repositoryRoot } from "@proliferate-infra/backend/root";
import { say } from "../terminal/say.ts";
import type { CommonOptions } from "../options.ts";
import { listenForSignals } from "../terminal/signals.ts";
import { readStates, resourcesIn } from "@proliferate-infra/backend/pulumi-files/read-states";
import { nextSteps } from "../terminal/summary.ts";
import { verified } from "../verify/verified-deployment.ts";

/** Options of `up`. */
export interface UpOptions extends CommonOptions {
  /** Run layers too that are as their last good deployment left them. */
  readonly force?: boolean;
  /** URNs of stateful resources that may be deleted or replaced. */
  readonly allowReplace?: readonly string[];
  /** Run layers at the same time as far as they can; undefined: where no layer's resources are protected. */
  readonly pipelined?: boolean;
  /** Migrate the database before services get their new task definitions. */
  readonly migrate?: boolean;
  /** Go on where the last run stopped. */
  readonly resume?: boolean;
}

/** Checks everything that can be checked, asks, deploys. Returns the exit code. */
export async function up(options: UpOptions): Promise<number> {
  const { stack } = options;
  if (options.resume === true && (options.only !== undefined || options.from !== undefined)) {
    throw new UserError("--resume takes the layers of the last run; leave --only and --from out.");
  }
  const selected = selectLayers(options);
  const found = findEnvironment(repositoryRoot, stack, process.env);
  await preflight({ root: repositoryRoot, environment: found, layers: selected, env: process.env }, say);
  const environment = options.migrate === true ? migratingEnvironment(repositoryRoot, found, selected) : found;
  if (!(await consent("up", `Deploy ${selected.join(", ")} of ${stack}?`, options.yes))) {
    return 0;
  }
  const pipelined = options.pipelined ?? (await pipelinesByDefault(repositoryRoot, stack, selected));
  const interruption = listenForSignals(say);
  const plan = async (context: PlanContext) => {
    const order = options.resume === true ? await orderToResume(stack, context) : selected;
    await refuseUnsafe(context.store, stack, order, { warn: say, risks: "refuse" });
    const verification = { stack, region: environment.facts?.region, signal: interruption.requested };
    const resourcesOf = resourcesIn(context.store, stack);
    const operate = (engine: LayerEngine) =>
      verified(refusingLosses(engine, resourcesOf, options.allowReplace ?? []), verification);
    return { order, operate, force: options.force === true, pipelined };
  };
  const { results, exitCode } = await runOnEnvironment({ environment, options, interruption, command: "up", plan });
  interruption.dispose();
  if (exitCode === 0) {
    say(`\n${nextSteps(results, stack)}`.trimEnd());
  }
  return exitCode;
}

async function orderToResume(
  stack: string,
  { store, ledger, hasher, commit }: PlanContext,
): Promise<readonly LayerName[]> {
  const [[last], states] = await Promise.all([ledger.runs(1), readStates(store, stack, layerNames)]);
  const hashes = [...states].map(async ([layer, state]) => [layer, await hasher.hashes(state)] as const);
  return layersToResume(last, { stack, commit, outputs: new Map(await Promise.all(hashes)) });
}
