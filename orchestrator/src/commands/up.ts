/** `rollout up`: deploys the selected layers in order. */
import { findEnvironment } from "@proliferate-infra/backend/environment/environment";
import { ExitCode, UserError } from "@proliferate-infra/backend/errors";
import { repositoryRoot } from "@proliferate-infra/backend/root";
import { preflight } from "../checks/preflight.ts";
import { selectLayers } from "../model/selection.ts";
import { pipelinesByDefault } from "../run/default-pipelining.ts";
import { deploy, type DeployOptions } from "../run/deploy.ts";
import { migratingEnvironment } from "../run/migrating.ts";
import { consent } from "../terminal/consent.ts";
import { say } from "../terminal/say.ts";
import { withSignals } from "../terminal/signals.ts";
import { nextSteps } from "../terminal/summary.ts";

export interface UpOptions extends DeployOptions {
  /** Run layers at the same time where possible. Undefined: only if no layer's resources are protected. */
  readonly pipelined?: boolean;
  /** Migrate the database before services get their new task definitions. */
  readonly migrate?: boolean;
}

/** Checks, asks for consent, deploys. Returns the exit code. */
export async function up(options: UpOptions): Promise<number> {
  const { stack } = options;
  if (options.resume === true && (options.only !== undefined || options.from !== undefined)) {
    throw new UserError("--resume takes the layers of the last run; leave --only and --from out.");
  }
  const layers = selectLayers(options);
  const found = findEnvironment(repositoryRoot, stack, process.env);
  await preflight("deploy", { root: repositoryRoot, environment: found, layers, env: process.env }, say);
  const environment = options.migrate === true ? migratingEnvironment(repositoryRoot, found, layers) : found;
  if (!(await consent("up", `Deploy ${layers.join(", ")} of ${stack}?`, options.yes))) {
    return ExitCode.done;
  }
  const pipelined = options.pipelined ?? pipelinesByDefault(repositoryRoot, stack, layers);
  const { results, exitCode } = await withSignals((interruption) =>
    deploy({ environment, options, interruption, layers, pipelined, risks: "refuse" }),
  );
  if (exitCode === ExitCode.done) {
    say(`\n${nextSteps(results, stack)}`.trimEnd());
  }
  return exitCode;
}
