/** What a run does with one layer: decides whether it must run, runs it, records the result. */
import { messageOf } from "@proliferate-infra/backend/errors";
import type { LayerName } from "@proliferate-infra/shared/layers";
import { publicValues } from "@proliferate-infra/backend/pulumi-files/state";
import { formatDuration } from "@proliferate-infra/shared/values/duration";
import { LEAST_SESSION_MS } from "../aws/session-end.ts";
import { LedgerLost } from "../history/ledger.ts";
import type { RolloutObserver } from "../model/observer.ts";
import { resultWithoutRun, type LayerResult } from "../model/results.ts";
import type { LayerOperation } from "./layer-operation.ts";
import type { RunRecorder } from "./recorder.ts";

/** Why a layer runs; or its result when it does not run, or when that cannot be decided. */
export type Decision =
  | { readonly reasons: readonly string[]; readonly ended?: undefined }
  | { readonly reasons?: undefined; readonly ended: LayerResult };

export interface StepContext {
  readonly operate: LayerOperation;
  readonly recorder: Pick<RunRecorder, "inspect" | "longestDuration" | "record">;
  readonly observer: Pick<RolloutObserver, "progressed">;
  /** Also run layers that have not changed since their last successful deployment. */
  readonly force: boolean;
  /** When the AWS session ends; undefined when it does not, or when that is not known. */
  readonly sessionEnd: Date | undefined;
}

export class LayerSteps {
  readonly #context: StepContext;

  constructor(context: StepContext) {
    this.#context = context;
  }

  /** Decides, runs and records. Throws LedgerLost. */
  async complete(layer: LayerName): Promise<LayerResult> {
    const { ended, reasons } = await this.decide(layer);
    if (ended !== undefined) {
      return ended;
    }
    const result = await this.run(layer, reasons);
    await this.record(result);
    return result;
  }

  /** Decides whether the layer must run, from its present state, code and settings, and whether the AWS session lasts long enough. */
  async decide(layer: LayerName): Promise<Decision> {
    const decision = await this.#decideOnChanges(layer);
    const reason = decision.ended === undefined ? await this.#lateness(layer) : undefined;
    return reason === undefined ? decision : { ended: resultWithoutRun(layer, { status: "failed", reason }) };
  }

  /** Why the layer would not end before the AWS session does; undefined when it would. */
  async #lateness(layer: LayerName): Promise<string | undefined> {
    const { sessionEnd } = this.#context;
    if (sessionEnd === undefined) {
      return undefined;
    }
    const longest = await this.#longestDuration(layer);
    const left = sessionEnd.getTime() - Date.now();
    if (left >= Math.max(longest ?? 0, LEAST_SESSION_MS)) {
      return undefined;
    }
    const ending = left > 0 ? `the AWS session ends in ${formatDuration(left)}` : "the AWS session has ended";
    const expected =
      longest === undefined ? "" : `, and the longest of its last deployments took ${formatDuration(longest)}`;
    return `It was not started: ${ending}${expected}. Get credentials that last longer (docs/aws-access.md).`;
  }

  /** Undefined also when the ledger cannot be read. */
  #longestDuration(layer: LayerName): Promise<number | undefined> {
    return this.#context.recorder.longestDuration(layer).catch(() => undefined);
  }

  async #decideOnChanges(layer: LayerName): Promise<Decision> {
    const { force, recorder } = this.#context;
    if (force) {
      return { reasons: [] };
    }
    const startedAt = Date.now();
    const ended = (result: Pick<LayerResult, "status"> & Partial<LayerResult>) => ({
      ended: resultWithoutRun(layer, { durationMs: Date.now() - startedAt, ...result }),
    });
    try {
      const { reasons, state } = await recorder.inspect(layer);
      return reasons === undefined ? ended({ status: "unchanged", outputs: publicValues(state) }) : { reasons };
    } catch (error) {
      const reason = `Its state, code or settings could not be read: ${messageOf(error)}`;
      return ended({ status: "failed", reason });
    }
  }

  /** Runs the layer; `reasons` are shown. */
  async run(layer: LayerName, reasons: readonly string[]): Promise<LayerResult> {
    const { operate } = this.#context;
    if (reasons.length > 0) {
      this.#show(layer, `runs because of: ${reasons.join(", ")}`);
    }
    const longest = await this.#longestDuration(layer);
    if (longest === undefined) {
      return operate(layer);
    }
    const timer = setTimeout(() => {
      this.#show(layer, `takes longer than the longest of its last deployments, which took ${formatDuration(longest)}`);
    }, longest);
    return operate(layer).finally(() => {
      clearTimeout(timer);
    });
  }

  /** Records the result in the ledger, with the fingerprint of what is deployed now. Throws LedgerLost. */
  async record(result: LayerResult): Promise<void> {
    try {
      await this.#context.recorder.record(result);
    } catch (error) {
      if (error instanceof LedgerLost) {
        throw error;
      }
      const text = `its result could not be saved in the ledger, so the next rollout runs it again: ${messageOf(error)}`;
      this.#show(result.layer, text);
    }
  }

  #show(layer: LayerName, text: string): void {
    this.#context.observer.progressed(layer, { kind: "message", text });
  }
}
