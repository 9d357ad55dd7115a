/** What a run does with one layer, step by step: decides whether it must run, runs it, keeps what became of it. */
import { messageOf } from "@proliferate-infra/backend/errors";
import type { LayerName } from "@proliferate-infra/shared/layers";
import type { LayerOperation } from "./in-order.ts";
import { NO_CHANGES, type LayerResult } from "../model/results.ts";
import { publicValues } from "@proliferate-infra/backend/pulumi-files/state";
import { formatDuration } from "@proliferate-infra/shared/values/duration";
import type { RunRecorder } from "./recorder.ts";
import { LedgerLost } from "../history/ledger.ts";

/** Whether a layer runs, and why; its result when it need not, or when that cannot be found out. */
type Decision = { readonly reasons: readonly string[]; readonly ended?: undefined } | { readonly ended: LayerResult };

/** The steps of a layer in a run. */
export interface LayerSteps {
  /** Decides by what is known now. */
  decide(layer: LayerName): Promise<Decision>;
  run(layer: LayerName, reasons: readonly string[]): Promise<LayerResult>;
  /** Keeps the result in the ledger, with the fingerprint of what is deployed now. Throws LedgerLost. */
  keep(result: LayerResult): Promise<void>;
}

/** What a run is told of its layers. */
export interface StepOptions {
  /** Whether layers run that are as their last good deployment left them. */
  readonly force: boolean;
  /** Told something about a layer that runs. */
  readonly say: (layer: LayerName, text: string) => void;
}

/** The steps of a run with a memory, whose layers are worked on by `operate`. */
export function layerSteps(
  operate: LayerOperation,
  memory: Pick<RunRecorder, "look" | "reasons" | "longest" | "keep">,
  { force, say }: StepOptions,
): LayerSteps {
  return {
    decide: async (layer) => {
      const started = Date.now();
      if (force) {
        return { reasons: [] };
      }
      const ended = { layer, changes: NO_CHANGES, outputs: {} };
      try {
        const view = await memory.look(layer);
        const reasons = await memory.reasons(layer, view);
        if (reasons !== undefined) {
          return { reasons };
        }
        const outputs = publicValues(view.state);
        return { ended: { ...ended, status: "unchanged", durationMs: Date.now() - started, outputs } };
      } catch (error) {
        const reason = `How it stands cannot be found out: ${messageOf(error)}`;
        return { ended: { ...ended, status: "failed", durationMs: Date.now() - started, reason } };
      }
    },
    run: async (layer, reasons) => {
      if (reasons.length > 0) {
        say(layer, `runs because of: ${reasons.join(", ")}`);
      }
      const stopWatching = reportWhenSlow(await memory.longest(layer).catch(() => undefined), (text) => {
        say(layer, text);
      });
      return operate(layer).finally(stopWatching);
    },
    keep: async (result) => {
      try {
        await memory.keep(result);
      } catch (error) {
        if (error instanceof LedgerLost) {
          throw error;
        }
        say(result.layer, `could not be kept in the ledger, so the next rollout runs it again: ${messageOf(error)}`);
      }
    },
  };
}

/** Says when a layer takes longer than its last deployments did, the longest of which took `longest` milliseconds. */
function reportWhenSlow(longest: number | undefined, say: (text: string) => void): () => void {
  if (longest === undefined) {
    return () => undefined;
  }
  const timer = setTimeout(() => {
    say(`takes longer than its last deployments, the longest of which took ${formatDuration(longest)}`);
  }, longest);
  return () => {
    clearTimeout(timer);
  };
}

/** The steps one after another. */
export function inSteps(steps: LayerSteps): LayerOperation {
  return async (layer) => {
    const decision = await steps.decide(layer);
    if (decision.ended !== undefined) {
      return decision.ended;
    }
    const result = await steps.run(layer, decision.reasons);
    await steps.keep(result);
    return result;
  };
}
