/** Where `--resume` goes on, and when it must not. Pure. */
import type { LayerName } from "@proliferate-infra/shared/layers";
import { isGood } from "../model/results.ts";
import { UserError } from "@proliferate-infra/backend/errors";
import type { OutputHashes } from "@proliferate-infra/backend/pulumi-files/output-hashes";
import type { RunRecord } from "../history/records.ts";

/** Things as they stand when a run is resumed. */
export interface ResumeContext {
  readonly stack: string;
  readonly commit: string | null;
  /** Hashes of each layer's outputs now. */
  readonly outputs: ReadonlyMap<LayerName, OutputHashes>;
}

/**
 * Layers of `last` that are still to be done, in its order; none when it has ended well.
 *
 * @throws UserError when there is nothing to resume, or the ground has moved since: another commit, other outputs.
 */
export function layersToResume(last: RunRecord | undefined, context: ResumeContext): readonly LayerName[] {
  const full = `scripts/deploy-all.sh --stack ${context.stack}`;
  if (last?.command !== "up") {
    throw new UserError(`There is no deployment to resume. ${full} starts one.`);
  }
  if (last.commit !== context.commit) {
    throw new UserError(
      `The run ${last.runId} deployed commit ${last.commit ?? "none"}, the checkout is at ${context.commit ?? "none"}. Check that commit out, or start anew: ${full}`,
    );
  }
  const done = last.layers.filter(({ status }) => isGood(status));
  const moved = done.flatMap(({ layer, outputs = {} }) =>
    changedKeys(outputs, context.outputs.get(layer) ?? {}).map((key) => `${layer}.${key}`),
  );
  if (moved.length > 0) {
    throw new UserError(
      `Outputs of layers that were done have changed since the run ${last.runId}: ${moved.join(", ")}. Start anew: ${full}`,
    );
  }
  return last.order.filter((layer) => !done.some((each) => each.layer === layer));
}

function changedKeys(before: OutputHashes, now: OutputHashes): string[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(now)]);
  return [...keys].filter((key) => before[key] !== now[key]).sort();
}
