/** Changes of data that AWS has queued until the maintenance window: a layer with them is up to date, and AWS is not yet. */
import type { LayerName } from "@proliferate-infra/shared/layers";
import { messageOf } from "@proliferate-infra/backend/errors";
import type { PendingChanges } from "../aws/pending-changes.ts";
import { isGood, type LayerResult } from "../model/results.ts";
import { typeOf } from "../model/urn.ts";

const DATA: LayerName = "data";

/** The results, with the queued changes of data where it is deployed. */
export function withPending(
  results: readonly LayerResult[],
  region: string | undefined,
): Promise<readonly LayerResult[]> {
  return Promise.all(
    results.map(async (result) => {
      const isRead = result.layer === DATA && isGood(result.status);
      const texts = isRead ? pendingTexts(await readPending(result.outputs, region)) : [];
      return texts.length === 0 ? result : { ...result, pending: texts };
    }),
  );
}

/** Queued changes, or why they are not known. */
export type Pending = { readonly changes: readonly PendingChanges[] } | { readonly unknown: string };

/**
 * Reads the queued changes.
 *
 * @param outputs of data
 */
export async function readPending(
  { databaseInstanceId, redisNodeIds }: Readonly<Record<string, unknown>>,
  region: string | undefined,
): Promise<Pending> {
  const database = typeof databaseInstanceId === "string" ? databaseInstanceId : undefined;
  const redisNode = Array.isArray(redisNodeIds) && redisNodeIds.length > 0 ? String(redisNodeIds[0]) : undefined;
  if (database === undefined && redisNode === undefined) {
    return { changes: [] };
  }
  const { readPendingChanges } = await import("../aws/pending-changes.ts");
  return readPendingChanges({ database, redisNode }, region).then(
    (changes) => ({ changes }),
    (error: unknown) => ({ unknown: `It is not known whether AWS has changes pending: ${messageOf(error)}` }),
  );
}

/** Such as `Postgres: DBInstanceClass=db.t4g.medium, pending until sun:03:00-sun:04:00 UTC`. */
export function pendingTexts(pending: Pending): readonly string[] {
  return "unknown" in pending
    ? [pending.unknown]
    : pending.changes.map(
        ({ server, changes, window }) => `${server}: ${changes.join(", ")}, pending until ${window} UTC`,
      );
}

const TYPES: Readonly<Record<PendingChanges["server"], readonly string[]>> = {
  Postgres: ["aws:rds/instance:Instance"],
  Redis: ["aws:elasticache/cluster:Cluster", "aws:elasticache/replicationGroup:ReplicationGroup"],
};

/**
 * A comparison of data with AWS without the servers that have queued changes: those differ from the state until AWS has made them.
 */
export function withoutQueued(result: LayerResult, pending: Pending): LayerResult {
  const types = "unknown" in pending ? [] : pending.changes.flatMap(({ server }) => TYPES[server]);
  const { changes, resources = [] } = result;
  const kept = resources.filter(({ urn, op }) => !(op === "update" && types.includes(typeOf(urn))));
  const queued = resources.length - kept.length;
  return queued === 0
    ? result
    : {
        ...result,
        resources: kept,
        changes: { ...changes, update: changes.update - queued, same: changes.same + queued },
      };
}
