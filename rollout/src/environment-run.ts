/** A run that changes an environment: under its lock, with its ledger, engine and signals; all let go at the end. */
import type { LayerName } from "@proliferate-infra/shared/layers";
import { operation, runInOrder } from "./deploy-layers.ts";
import type { Environment } from "./environment/environment.ts";
import type { EngineOperation, LayerEngine } from "./layer-engine.ts";
import { ExitCode, type LayerResult } from "./layer-results.ts";
import { LayerMemory, remembering } from "./ledger/layer-memory.ts";
import type { RunRecord } from "./ledger/ledger-records.ts";
import { Ledger } from "./ledger/ledger.ts";
import { gatherRunFacts } from "./ledger/run-facts.ts";
import { holdEnvironment } from "./lock/hold-environment.ts";
import type { Lease } from "./lock/lease.ts";
import { openObjectStore, type ObjectStore } from "./object-store/object-store.ts";
import { pulumiVersion } from "./pulumi-cli.ts";
import { pulumiEngine } from "./pulumi-engine.ts";
import { repositoryRoot, runRollout, say, type CommonOptions } from "./rollout-command.ts";
import type { Interruption } from "./signals.ts";
import { OutputHasher } from "./state/output-hashes.ts";

/** What a run does, once the environment is its own. */
export interface RunPlan {
  /** Layers in the order in which they run. */
  readonly order: readonly LayerName[];
  readonly operate: (engine: LayerEngine) => EngineOperation;
  /** Whether layers run that are as their last good deployment left them. */
  readonly force: boolean;
}

/** How a run has ended. */
export interface RunEnd {
  readonly results: readonly LayerResult[];
  readonly exitCode: number;
}

/** What a plan can be made from. */
export interface PlanContext {
  readonly store: ObjectStore;
  readonly ledger: Ledger;
  readonly hasher: OutputHasher;
  readonly commit: string | null;
}

/**
 * Takes the environment's lock, makes the plan, runs its layers one after another, and reports.
 *
 * @throws LockHeld, and whatever `plan` throws; nothing was touched then.
 */
export async function runOnEnvironment(
  environment: Environment,
  options: CommonOptions,
  interruption: Interruption,
  command: RunRecord["command"],
  plan: (context: PlanContext) => Promise<RunPlan>,
): Promise<RunEnd> {
  const { stack } = environment;
  const store = await openObjectStore(environment.state);
  try {
    const [facts, cliVersion] = await Promise.all([gatherRunFacts(repositoryRoot, process.env), pulumiVersion()]);
    const lockOptions = { environment, store, facts, command, timeout: options.lockTimeout, interruption };
    return await holdEnvironment(lockOptions, async (lease) => {
      const hasher = new OutputHasher({ ...process.env, ...environment.pulumiVariables });
      const ledger = new Ledger(store, stack);
      const planned = await plan({ store, ledger, hasher, commit: facts.commit });
      const context = { root: repositoryRoot, stack, cliVersion, hasher, store, ledger, facts, fencing: lease.fencing };
      const memory = new LayerMemory({ ...context, command, order: planned.order });
      await memory.begin();
      const { results, exitCode } = await runRollout(command, options, facts, planned.order, (observer) => {
        let atWork: LayerName | null = null;
        const engine = pulumiEngine(
          repositoryRoot,
          environment,
          interruption,
          (pid) => void lease.working(atWork, pid),
        );
        const operate = operation(planned.operate(engine), observer);
        const onReasons = (layer: LayerName, reasons: readonly string[]) => {
          atWork = layer;
          observer.working(layer, `runs because of: ${reasons.join(", ")}`);
        };
        const remembered = remembering(operate, memory, { force: planned.force, onReasons });
        return runInOrder(planned.order, remembered, observer, stopSignal(interruption, lease));
      });
      await memory.finish(results, exitCode);
      return { results, exitCode: lease.lost.aborted ? ExitCode.locked : exitCode };
    });
  } finally {
    store.close();
  }
}

function stopSignal({ requested }: Interruption, { lost }: Lease): AbortSignal {
  lost.addEventListener("abort", () => {
    say(`${String(lost.reason)} No further layer starts.`);
  });
  return AbortSignal.any([requested, lost]);
}
