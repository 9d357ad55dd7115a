/** A run that changes an environment, from top to bottom: lock, plan, ledger, layers, report. */
import type { LayerName } from "@proliferate-infra/shared/layers";
import type { Environment } from "@proliferate-infra/backend/environment/environment";
import { isExpired } from "@proliferate-infra/backend/aws/credentials-fault";
import { ExitCode, messageOf } from "@proliferate-infra/backend/errors";
import type { Lease } from "@proliferate-infra/backend/lock/lease";
import { realTiming } from "@proliferate-infra/backend/lock/timing";
import { withRunId } from "@proliferate-infra/backend/program/run-id";
import { OutputHasher } from "@proliferate-infra/backend/pulumi-files/output-hashes";
import { repositoryRoot } from "@proliferate-infra/backend/root";
import type { ObjectStore } from "@proliferate-infra/backend/storage/object-store";
import { withObjectStore } from "@proliferate-infra/backend/storage/open";
import { sessionEnd } from "../aws/session-end.ts";
import { Ledger } from "../history/ledger.ts";
import type { RunRecord } from "../history/records.ts";
import type { EngineOperation, LayerEngine } from "../model/layer-engine.ts";
import type { RolloutObserver } from "../model/observer.ts";
import type { LayerResult } from "../model/results.ts";
import { gatherRunFacts, type RunFacts } from "../model/run-facts.ts";
import type { CommonOptions } from "../options.ts";
import { OutputRelay } from "../output-relay/server.ts";
import { pulumiEngine } from "../pulumi/engine.ts";
import { pulumiVersion } from "../pulumi/version.ts";
import { say } from "../terminal/say.ts";
import type { Interruption } from "../terminal/signals.ts";
import { ActiveEngines } from "./active-engines.ts";
import { completingCutOff } from "./completing-cut-off.ts";
import { withEnvironmentLock } from "./environment-lock.ts";
import { runInOrder } from "./in-order.ts";
import { layerOperation, type LayerOperation } from "./layer-operation.ts";
import { LayerSteps } from "./layer-steps.ts";
import { withPending } from "./pending.ts";
import { runPipelined } from "./pipelined.ts";
import { reportRun, withProgress } from "./progress-and-report.ts";
import { RunRecorder } from "./recorder.ts";
import { waitingForStack } from "./waiting-for-stack.ts";

/** What a run does with the layers. */
export interface RunPlan {
  /** Layers in the order in which they run. */
  readonly order: readonly LayerName[];
  readonly operate: (engine: LayerEngine) => EngineOperation;
  /** Also run layers that have not changed since their last successful deployment. */
  readonly force: boolean;
  /** Whether layers run at the same time where possible, instead of one after another. */
  readonly pipelined: boolean;
  /** Called before the run is recorded. Throws UserError when it must not begin. */
  readonly prepare?: (engine: LayerEngine) => Promise<void>;
}

export interface PlanContext {
  readonly store: ObjectStore;
  readonly ledger: Ledger;
  readonly hasher: OutputHasher;
  readonly facts: RunFacts;
}

export interface RunRequest {
  readonly environment: Environment;
  readonly options: CommonOptions;
  readonly interruption: Interruption;
  readonly command: RunRecord["command"];
  /** Called under the lock. Throws UserError when the run must not begin. */
  readonly plan: (context: PlanContext) => Promise<RunPlan>;
}

export interface RunEnd {
  readonly results: readonly LayerResult[];
  readonly exitCode: number;
}

/**
 * Runs layers of an environment while holding its lock.
 *
 * @throws LockHeld and every error of `plan`, before anything is changed.
 */
export async function runOnEnvironment(request: RunRequest): Promise<RunEnd> {
  return withObjectStore(request.environment.state, async (store) => {
    const [facts, cliVersion] = await Promise.all([gatherRunFacts(repositoryRoot, process.env), pulumiVersion()]);
    return withEnvironmentLock({ ...request, store, facts }, (lease) =>
      new Run({ ...request, store, facts, cliVersion, lease }).execute(),
    );
  });
}

interface HeldRequest extends RunRequest {
  readonly store: ObjectStore;
  readonly facts: RunFacts;
  /** Version of the Pulumi CLI. */
  readonly cliVersion: string;
  readonly lease: Lease;
}

class Run {
  readonly #request: HeldRequest;

  constructor(request: HeldRequest) {
    this.#request = request;
  }

  async execute(): Promise<RunEnd> {
    const { environment, options, command, facts, cliVersion, store, lease } = this.#request;
    const { stack } = environment;
    const ledger = new Ledger(store, stack);
    const hasher = new OutputHasher({ ...process.env, ...environment.pulumiVariables });
    const plan = await this.#request.plan({ store, ledger, hasher, facts });
    const { order, pipelined } = plan;
    await plan.prepare?.(this.#engine().engine);
    const recorder = new RunRecorder({
      ...{ root: repositoryRoot, stack, cliVersion, hasher, store, ledger, facts, command, order },
      fencing: lease.fencing,
    });
    await recorder.start();
    const shown = { layers: order, atOnce: pipelined };
    const deployed = await withProgress(shown, options, (observer) => this.#runLayers(plan, recorder, observer));
    const results = await withPending(deployed, environment.facts?.region);
    const exitCode = await reportRun(command, options, facts, results);
    await recorder.finish(results, exitCode).catch((error: unknown) => {
      say(`The end of this run could not be saved in the ledger: ${String(error)}`);
    });
    return { results, exitCode: lease.lost.aborted ? exitCodeWithoutLock(lease.lost.reason, exitCode) : exitCode };
  }

  async #runLayers(plan: RunPlan, recorder: RunRecorder, observer: RolloutObserver): Promise<readonly LayerResult[]> {
    const { order, force } = plan;
    const stop = this.#stopSignal();
    const relay = plan.pipelined ? await OutputRelay.open(order, "deployments") : undefined;
    try {
      const operate = this.#operation(plan, observer, stop, relay?.variables);
      const end = sessionEnd(process.env);
      const steps = new LayerSteps({
        ...{ operate, recorder, observer, force },
        sessionEnd: end instanceof Date ? end : undefined,
      });
      return relay === undefined
        ? await runInOrder(order, (layer) => steps.complete(layer), observer, stop)
        : await runPipelined(order, { steps, relay, observer, stop });
    } finally {
      relay?.close();
    }
  }

  /** The plan's operation, by an engine whose programs get `variables` too. */
  #operation(
    plan: RunPlan,
    observer: RolloutObserver,
    stop: AbortSignal,
    variables?: Readonly<Record<string, string>>,
  ): LayerOperation {
    const { active, engine } = this.#engine(variables);
    const { environment, options, store } = this.#request;
    const { stack, facts } = environment;
    const wait = { stack, lockTimeout: options.lockTimeout ?? 0, signal: stop, timing: realTiming };
    const operate = waitingForStack(completingCutOff(plan.operate(engine), engine, store, stack), wait);
    return active.watching(layerOperation(operate, observer, { stack, region: facts?.region }));
  }

  /** An engine, and the record of its processes in the lock. */
  #engine(variables?: Readonly<Record<string, string>>) {
    const { environment, interruption, store, facts, lease } = this.#request;
    const pulumiVariables = { ...environment.pulumiVariables, ...variables };
    const connected = withRunId({ ...environment, pulumiVariables }, facts.runId);
    const active = new ActiveEngines({ lease, store, stack: environment.stack, facts, say });
    return { active, engine: pulumiEngine(repositoryRoot, connected, interruption, active.started) };
  }

  /** Aborted when no further layer may start: after a signal, or when the lock is lost. */
  #stopSignal(): AbortSignal {
    const { interruption, lease } = this.#request;
    lease.lost.addEventListener("abort", () => {
      say(`${messageOf(lease.lost.reason)} No further layer starts.`);
    });
    return AbortSignal.any([interruption.requested, lease.lost]);
  }
}

/** A lock that was lost because the AWS session ended is not another run's: the layers then failed for the same reason. */
function exitCodeWithoutLock(reason: unknown, exitCode: number): number {
  if (!(reason instanceof Error && isExpired(reason.cause))) {
    return ExitCode.locked;
  }
  return exitCode === ExitCode.done ? ExitCode.layerFailed : exitCode;
}
