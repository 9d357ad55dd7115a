/** `rollout up`: deploys the selected layers in order. */
import { runOnEnvironment } from "./environment-run.ts";
import { findEnvironment } from "./environment/environment.ts";
import { selectLayers } from "./layer-order.ts";
import { ask, repositoryRoot, requireTerminal, say, type CommonOptions } from "./rollout-command.ts";
import { checkConfigurations } from "./stack-configurations.ts";
import { nextSteps } from "./summary-text.ts";

/** Options of `up`. */
export interface UpOptions extends CommonOptions {
  /** Run layers too that are as their last good deployment left them. */
  readonly force?: boolean;
}

/** Checks everything that can be checked, asks, deploys. Answers the exit code. */
export async function up(options: UpOptions): Promise<number> {
  const order = selectLayers(options);
  const environment = findEnvironment(repositoryRoot, options.stack, process.env);
  checkConfigurations(repositoryRoot, options.stack, order);
  if (options.yes !== true) {
    requireTerminal("up", "add --yes");
    const answer = await ask(`Deploy ${order.join(", ")} of ${options.stack}? [y/N] `);
    if (!/^y(es)?$/i.test(answer)) {
      say("Nothing was changed.");
      return 0;
    }
  }
  const { results, exitCode } = await runOnEnvironment(environment, options, {
    command: "up",
    order,
    operate: ({ up: deploy }) => deploy,
    force: options.force === true,
  });
  if (exitCode === 0) {
    say(`\n${nextSteps(results, options.stack)}`.trimEnd());
  }
  return exitCode;
}
