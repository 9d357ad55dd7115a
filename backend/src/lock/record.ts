/** What the lock of an environment says, and what follows from it. Pure. */
import { z } from "zod";
import { layerNames } from "@proliferate-infra/shared/layers";

/** Schema of a layer at work. */
const workSchema = z.strictObject({
  layer: z.enum(layerNames),
  /** Process number of its engine. */
  enginePid: z.int(),
});

/** A layer at work. */
export type ActiveLayer = z.infer<typeof workSchema>;

/** Schema of who holds a lock. */
const holderSchema = z.strictObject({
  runId: z.string().min(1),
  user: z.string(),
  host: z.string(),
  pid: z.int(),
  /** Commit of the holder's checkout; null outside git. */
  commit: z.string().nullable(),
  /** Page of the CI job; null outside CI. */
  ciUrl: z.string().nullable(),
  /** Such as `up`. */
  command: z.string(),
  activeLayers: z.array(workSchema),
  acquiredAt: z.iso.datetime(),
});

/** Who holds a lock. */
export type Holder = z.infer<typeof holderSchema>;

/** Schema of an engine whose rollout has died. */
const deadEngineSchema = z.strictObject({ user: z.string(), host: z.string(), pid: z.int(), runId: z.string() });

/** An engine whose rollout has died. */
export type DeadEngine = z.infer<typeof deadEngineSchema>;

/** Schema of a lock. It stays when it is released, because its number must never be given twice. */
export const lockRecordSchema = z.strictObject({
  /** Grows with every write; a write is refused when it is not the next one. */
  revision: z.int().positive(),
  /** Grows with every new holder; what a holder writes elsewhere carries it. */
  fencing: z.int().nonnegative(),
  /** Null while the lock is free. */
  holder: holderSchema.nullable(),
  /** End of the lease by the holder's clock, in milliseconds since 1970. */
  leaseUntil: z.number(),
  /** Engines of dead holders, whose own locks may still be there. Kept until somebody has looked. */
  orphaned: z.array(deadEngineSchema),
});

/** A lock as stored. */
export type LockRecord = z.infer<typeof lockRecordSchema>;

/** The engines that may have been left behind when `record` has a new holder, or none by force. */
export function orphanedBy(record: LockRecord | undefined): readonly DeadEngine[] {
  if (record === undefined) {
    return [];
  }
  const { holder, orphaned } = record;
  if (holder === null) {
    return orphaned;
  }
  const { user, host, runId } = holder;
  return [...orphaned, ...holder.activeLayers.map(({ enginePid: pid }) => ({ user, host, pid, runId }))];
}

/** How far the clocks of two machines may be apart, in milliseconds. */
export const CLOCK_TOLERANCE_MS = 5_000;

/** Who stands in the way of a new holder, and whether its lease is over. */
export type Obstacle =
  | { readonly kind: "none" }
  | { readonly kind: "held"; readonly holder: Holder }
  | { readonly kind: "expired"; readonly holder: Holder };

/** What a lock means for somebody who wants it at `now`. */
export function obstacleOf(record: LockRecord | undefined, now: number): Obstacle {
  const holder = record?.holder ?? undefined;
  if (record === undefined || holder === undefined) {
    return { kind: "none" };
  }
  return { kind: now > record.leaseUntil + CLOCK_TOLERANCE_MS ? "expired" : "held", holder };
}

/** Such as `ann@laptop (process 42), rollout up since 2026-11-23T12:00:00.000Z, at work on data, run 1f3…`. */
export function holderText({
  user,
  host,
  pid,
  command,
  acquiredAt,
  activeLayers,
  runId,
  ciUrl,
  commit,
}: Holder): string {
  return [
    `${user}@${host} (process ${pid})`,
    `rollout ${command} since ${acquiredAt}`,
    ...(activeLayers.length === 0 ? [] : [`at work on ${activeLayers.map(({ layer }) => layer).join(" and ")}`]),
    ...(commit === null ? [] : [`commit ${commit.slice(0, 12)}`]),
    ...(ciUrl === null ? [] : [ciUrl]),
    `run ${runId}`,
  ].join(", ");
}
