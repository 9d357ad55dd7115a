/** `rollout up`: deploys the selected layers in order. */
import { findEnvironment } from "./environment/environment.ts";
import { selectLayers } from "./layer-order.ts";
import { pulumiEngine } from "./pulumi-engine.ts";
import { listenForSignals } from "./signals.ts";
import { checkConfigurations } from "./stack-configurations.ts";
import { nextSteps } from "./summary-text.ts";
import {
  ask,
  oneAfterAnother,
  repositoryRoot,
  requireTerminal,
  runRollout,
  say,
  type CommonOptions,
} from "./rollout-command.ts";

/** Checks everything that can be checked, asks, deploys. Answers the exit code. */
export async function up(options: CommonOptions): Promise<number> {
  const layers = selectLayers(options);
  const environment = findEnvironment(repositoryRoot, options.stack, process.env);
  checkConfigurations(repositoryRoot, options.stack, layers);
  if (options.yes !== true) {
    requireTerminal("up", "add --yes");
    const answer = await ask(`Deploy ${layers.join(", ")} of ${options.stack}? [y/N] `);
    if (!/^y(es)?$/i.test(answer)) {
      say("Nothing was changed.");
      return 0;
    }
  }
  const interruption = listenForSignals(say);
  const engine = pulumiEngine(repositoryRoot, environment, interruption);
  const { results, exitCode } = await runRollout(
    "up",
    options,
    layers,
    oneAfterAnother(layers, engine.up, interruption),
  );
  interruption.dispose();
  if (exitCode === 0) {
    say(`\n${nextSteps(results, options.stack)}`.trimEnd());
  }
  return exitCode;
}
