/** A run that changes an environment: its place in the ledger, its engine, its signals; all let go at the end. */
import type { LayerName } from "@proliferate-infra/shared/layers";
import { operation, runInOrder } from "./deploy-layers.ts";
import type { Environment } from "./environment/environment.ts";
import type { EngineOperation, LayerEngine } from "./layer-engine.ts";
import type { LayerResult } from "./layer-results.ts";
import { LayerMemory, remembering } from "./ledger/layer-memory.ts";
import type { RunRecord } from "./ledger/ledger-records.ts";
import { Ledger } from "./ledger/ledger.ts";
import { gatherRunFacts } from "./ledger/run-facts.ts";
import { openObjectStore } from "./object-store/object-store.ts";
import { pulumiVersion } from "./pulumi-cli.ts";
import { pulumiEngine } from "./pulumi-engine.ts";
import { repositoryRoot, runRollout, say, type CommonOptions } from "./rollout-command.ts";
import { OutputHasher } from "./state/output-hashes.ts";
import { listenForSignals } from "./signals.ts";

/** What a run does. */
export interface RunPlan {
  readonly command: RunRecord["command"];
  readonly order: readonly LayerName[];
  readonly operate: (engine: LayerEngine) => EngineOperation;
  /** Whether layers run that are as their last good deployment left them. */
  readonly force: boolean;
}

/** Runs layers one after another under the environment's ledger, and reports. Answers the results and the exit code. */
export async function runOnEnvironment(
  environment: Environment,
  options: CommonOptions,
  { command, order, operate, force }: RunPlan,
): Promise<{ readonly results: readonly LayerResult[]; readonly exitCode: number }> {
  const { stack } = environment;
  const interruption = listenForSignals(say);
  const store = await openObjectStore(environment.state);
  try {
    const [facts, cliVersion] = await Promise.all([gatherRunFacts(repositoryRoot, process.env), pulumiVersion()]);
    const ledger = new Ledger(store, stack);
    const hasher = new OutputHasher({ ...process.env, ...environment.pulumiVariables });
    const context = { root: repositoryRoot, stack, cliVersion, hasher };
    const memory = new LayerMemory({ ...context, store, ledger, facts, command, order, fencing: 0 });
    await memory.begin();
    const engine = pulumiEngine(repositoryRoot, environment, interruption);
    const ended = await runRollout(command, options, facts, order, (observer) => {
      const onReasons = (layer: LayerName, reasons: readonly string[]) => {
        observer.working(layer, `runs because of: ${reasons.join(", ")}`);
      };
      const remembered = remembering(operation(operate(engine), observer), memory, { force, onReasons });
      return runInOrder(order, remembered, observer, interruption);
    });
    await memory.finish(ended.results, ended.exitCode);
    return ended;
  } finally {
    interruption.dispose();
    store.close();
  }
}
