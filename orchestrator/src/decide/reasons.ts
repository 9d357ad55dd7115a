/** Decides whether a layer must run. Pure. */
import { differences, type Fingerprint } from "../model/fingerprint.ts";
import { isGood } from "../model/results.ts";
import type { LayerState } from "@proliferate-infra/backend/pulumi-files/state";
import type { LayerRecord } from "../history/records.ts";

/** Why a layer runs, such as `code` and `network.vpcId`; undefined when nothing has changed since its last successful deployment. */
export function reasonsToRun(
  record: LayerRecord | undefined,
  now: Fingerprint,
  { pendingOperations }: Pick<LayerState, "pendingOperations">,
): readonly string[] | undefined {
  if (record?.good === undefined) {
    return ["never deployed by a rollout"];
  }
  const reasons = [
    ...(isGood(record.status) ? [] : [`last time ${record.status}`]),
    ...(pendingOperations.length > 0 ? ["pending operations"] : []),
    ...differences(record.good.fingerprint, now),
  ];
  return reasons.length === 0 ? undefined : reasons;
}
