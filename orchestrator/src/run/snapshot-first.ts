/** A snapshot of the database before its major version is upgraded: the only way back. */
import { messageOf } from "@proliferate-infra/backend/errors";
import type { VersionChange } from "@proliferate-infra/backend/changes/postgres-version";
import type { SnapshotRequest } from "../aws/postgres-snapshot.ts";
import { EngineFailure, type EngineOperation } from "../model/layer-engine.ts";
import { NO_CHANGES } from "../model/results.ts";

export interface SnapshotFirst extends Pick<SnapshotRequest, "region" | "signal"> {
  /** Undefined when the deployment upgrades nothing. */
  readonly change: VersionChange | undefined;
  /** Start of the run; the snapshot's name has it. */
  readonly startedAt: Date;
  /** Waits for the snapshot. */
  readonly take: (request: SnapshotRequest) => Promise<void>;
}

/** Returns `deploy` for all layers but data, which it deploys after the snapshot. Throws EngineFailure when there is none. */
export function withSnapshotFirst(
  deploy: EngineOperation,
  { change, startedAt, take, region, signal }: SnapshotFirst,
): EngineOperation {
  return async (layer, onProgress) => {
    if (layer === "data" && change !== undefined) {
      const { instance, from, to } = change;
      const snapshot = snapshotName(change, startedAt);
      onProgress({
        kind: "message",
        text: `taking the snapshot ${snapshot} of Postgres ${from} before the upgrade to ${to}`,
      });
      await take({ instance, snapshot, region, signal }).catch((error: unknown) => {
        const reason = `Postgres was not upgraded, because the snapshot ${snapshot} was not completed. ${messageOf(error)}`;
        throw new EngineFailure(reason, { changes: NO_CHANGES, resources: [], interrupted: signal.aborted });
      });
      onProgress({ kind: "message", text: `the snapshot ${snapshot} can be restored; docs/operations.md has the way` });
    }
    return deploy(layer, onProgress);
  };
}

/** Such as `proliferate-postgres-0a1b2c3-before-17-20261128-150000`. RDS allows letters, digits and single hyphens. */
function snapshotName({ instance, to }: VersionChange, startedAt: Date): string {
  const [date = "", time = ""] = startedAt.toISOString().replace(/[-:]/g, "").split(/[T.]/);
  return `${instance}-before-${to}-${date}-${time}`;
}
