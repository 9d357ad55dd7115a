/** Which layers `--resume` runs, and when it is refused. Pure. */
import type { LayerName } from "@proliferate-infra/shared/layers";
import { changedKeys } from "../model/fingerprint.ts";
import { isGood } from "../model/results.ts";
import { UserError } from "@proliferate-infra/backend/errors";
import type { OutputHashes } from "@proliferate-infra/backend/pulumi-files/output-hashes";
import type { RunRecord } from "../history/records.ts";

/** The checkout and the environment at the time of the resumption. */
export interface ResumeContext {
  readonly stack: string;
  readonly commit: string | null;
  /** Hashes of each layer's outputs now. */
  readonly outputs: ReadonlyMap<LayerName, OutputHashes>;
}

/**
 * Layers that `last` has not completed, in its order; none when it succeeded.
 *
 * @throws UserError when there is nothing to resume, or when the commit or an output has changed since.
 */
export function layersToResume(last: RunRecord | undefined, context: ResumeContext): readonly LayerName[] {
  const full = `scripts/deploy-all.sh --stack ${context.stack}`;
  if (last?.command !== "up") {
    throw new UserError(`There is no deployment to resume. ${full} starts one.`);
  }
  if (last.commit !== context.commit) {
    throw new UserError(
      `The run ${last.runId} deployed commit ${last.commit ?? "none"}, the checkout is at ${context.commit ?? "none"}. Check out that commit, or start again: ${full}`,
    );
  }
  const done = last.layers.filter(({ status }) => isGood(status));
  const moved = done.flatMap(({ layer, outputs = {} }) =>
    changedKeys(outputs, context.outputs.get(layer) ?? {}).map((key) => `${layer}.${key}`),
  );
  if (moved.length > 0) {
    throw new UserError(
      `Outputs of completed layers have changed since the run ${last.runId}: ${moved.join(", ")}. Start again: ${full}`,
    );
  }
  return last.order.filter((layer) => !done.some((each) => each.layer === layer));
}
