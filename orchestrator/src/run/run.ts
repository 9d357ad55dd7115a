/** A run that changes an environment: under its lock, with its ledger, engine and signals; all let go at the end. */
import type { LayerName } from "@proliferate-infra/shared/layers";
import { operation, runInOrder } from "./in-order.ts";
import type { RolloutObserver } from "../model/observer.ts";
import type { Environment } from "@proliferate-infra/backend/environment/environment";
import { withRunId } from "@proliferate-infra/backend/program/run-id";
import type { EngineOperation, LayerEngine } from "../model/layer-engine.ts";
import { ExitCode } from "@proliferate-infra/backend/errors";
import type { LayerResult } from "../model/results.ts";
import { RunRecorder } from "./recorder.ts";
import { inSteps, layerSteps } from "./layer-steps.ts";
import type { RunRecord } from "../history/records.ts";
import { Ledger } from "../history/ledger.ts";
import { gatherRunFacts, type RunFacts } from "../model/run-facts.ts";
import { ActiveEngines } from "./active-engines.ts";
import { holdEnvironment } from "./hold.ts";
import type { Lease } from "@proliferate-infra/backend/lock/lease";
import { OutputRelay } from "../output-relay/server.ts";
import { withObjectStore } from "@proliferate-infra/backend/storage/open";
import type { ObjectStore } from "@proliferate-infra/backend/storage/object-store";
import { runPipelined } from "./pipelined.ts";
import { pulumiVersion } from "../pulumi/version.ts";
import { pulumiEngine } from "../pulumi/engine.ts";
import { repositoryRoot } from "@proliferate-infra/backend/root";
import { runRollout } from "./report-run.ts";
import { say } from "../terminal/say.ts";
import type { CommonOptions } from "../options.ts";
import type { Interruption } from "../terminal/signals.ts";
import { OutputHasher } from "@proliferate-infra/backend/pulumi-files/output-hashes";

/** What a run does, once the environment is its own. */
interface RunPlan {
  /** Layers in the order in which they run. */
  readonly order: readonly LayerName[];
  readonly operate: (engine: LayerEngine) => EngineOperation;
  /** Whether layers run that are as their last good deployment left them. */
  readonly force: boolean;
  /** Whether layers run at the same time as far as they can, instead of one after another. */
  readonly pipelined: boolean;
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

/** What is run, on what. */
export interface RunRequest {
  readonly environment: Environment;
  readonly options: CommonOptions;
  readonly interruption: Interruption;
  readonly command: RunRecord["command"];
  /** Made under the lock. Throws UserError when the run must not begin. */
  readonly plan: (context: PlanContext) => Promise<RunPlan>;
}

/**
 * Takes the environment's lock, makes the plan, runs its layers one after another, and reports.
 *
 * @throws LockHeld, and whatever `plan` throws; nothing was touched then.
 */
export async function runOnEnvironment(request: RunRequest): Promise<RunEnd> {
  const { environment, options, interruption, command } = request;
  return withObjectStore(environment.state, async (store) => {
    const [facts, cliVersion] = await Promise.all([gatherRunFacts(repositoryRoot, process.env), pulumiVersion()]);
    const { lockTimeout: timeout } = options;
    const hold = { environment, store, facts, command, timeout, interruption };
    return await holdEnvironment(hold, (lease) => runHeld(request, { store, facts, cliVersion, lease }));
  });
}

interface HeldContext {
  readonly store: ObjectStore;
  readonly facts: RunFacts;
  readonly cliVersion: string;
  readonly lease: Lease;
}

async function runHeld(
  { environment, options, interruption, command, plan }: RunRequest,
  { store, facts, cliVersion, lease }: HeldContext,
): Promise<RunEnd> {
  const { stack } = environment;
  const hasher = new OutputHasher({ ...process.env, ...environment.pulumiVariables });
  const ledger = new Ledger(store, stack);
  const { order, operate, force, pipelined } = await plan({ store, ledger, hasher, commit: facts.commit });
  const context = { root: repositoryRoot, stack, cliVersion, hasher, store, ledger, facts, fencing: lease.fencing };
  const memory = new RunRecorder({ ...context, command, order });
  await memory.begin();
  const relay = pipelined ? await OutputRelay.open(order, "deployments") : undefined;
  const pulumiVariables = { ...environment.pulumiVariables, ...relay?.variables };
  const engines = new ActiveEngines({ lease, store, stack, facts, say });
  const engine = pulumiEngine(
    repositoryRoot,
    withRunId({ ...environment, pulumiVariables }, facts.runId),
    interruption,
    (layer, pid) => {
      engines.started(layer, pid);
    },
  );
  const run = (observer: RolloutObserver) => {
    const work = engines.watching(operation(operate(engine), observer));
    const say = (layer: LayerName, text: string) => {
      observer.working(layer, { kind: "says", text });
    };
    const steps = layerSteps(work, memory, { force, say });
    const stop = stopSignal(interruption, lease);
    return relay === undefined
      ? runInOrder(order, inSteps(steps), observer, stop)
      : runPipelined(order, { steps, relay, observer, stop });
  };
  const shown = { layers: order, atOnce: pipelined };
  const { results, exitCode } = await runRollout(command, options, facts, shown, run).finally(() => {
    relay?.close();
  });
  await memory.finish(results, exitCode).catch((error: unknown) => {
    say(`The end of this run could not be kept in the ledger: ${String(error)}`);
  });
  return { results, exitCode: lease.lost.aborted ? ExitCode.locked : exitCode };
}

function stopSignal({ requested }: Interruption, { lost }: Lease): AbortSignal {
  lost.addEventListener("abort", () => {
    say(`${String(lost.reason)} No further layer starts.`);
  });
  return AbortSignal.any([requested, lost]);
}
