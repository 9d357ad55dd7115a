/** The record of an environment's lock, and what follows from it. Pure. */
import { z } from "zod";
import { layerNames } from "@proliferate-infra/shared/layers";

const activeLayerSchema = z.strictObject({
  layer: z.enum(layerNames),
  /** Process number of its engine. */
  enginePid: z.int(),
});

/** A layer whose engine runs. */
export type ActiveLayer = z.infer<typeof activeLayerSchema>;

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
  activeLayers: z.array(activeLayerSchema),
  acquiredAt: z.iso.datetime(),
});

/** The run that holds a lock. */
export type Holder = z.infer<typeof holderSchema>;

const deadEngineSchema = z.strictObject({ user: z.string(), host: z.string(), pid: z.int(), runId: z.string() });

/** An engine whose rollout has died. */
export type DeadEngine = z.infer<typeof deadEngineSchema>;

/** Schema of a lock. A released lock keeps its record, because no fencing number may be given twice. */
export const lockRecordSchema = z.preprocess(
  withPresentNames,
  z.strictObject({
    /** Grows with every write; only the next revision is accepted. */
    revision: z.int().positive(),
    /** Grows with every new holder, who writes it into every record. */
    fencing: z.int().nonnegative(),
    /** Null while the lock is free. */
    holder: holderSchema.nullable(),
    /** End of the lease by the holder's clock, in milliseconds since 1970. */
    leaseUntil: z.number(),
    /** Engines of dead holders, whose Pulumi locks may still be there; emptied when those are removed. */
    orphaned: z.array(deadEngineSchema),
  }),
);

export type LockRecord = z.infer<typeof lockRecordSchema>;

/** The engines that may be orphaned when `record` gets a new holder, or loses its holder by force. */
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

/** Earlier versions stored two fields under other names. */
function withPresentNames(stored: unknown): unknown {
  if (!isObject(stored)) {
    return stored;
  }
  const record = renamed(stored, "leftBehind", "orphaned");
  return isObject(record.holder) ? { ...record, holder: renamed(record.holder, "atWork", "activeLayers") } : record;
}

function renamed(fields: Readonly<Record<string, unknown>>, from: string, to: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name === from ? to : name, value]));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** How far the clocks of two machines may be apart, in milliseconds. */
export const CLOCK_TOLERANCE_MS = 5_000;

/** Who holds a lock, and whether the lease is over. */
export type Obstacle =
  | { readonly kind: "none" }
  | { readonly kind: "held"; readonly holder: Holder }
  | { readonly kind: "expired"; readonly holder: Holder };

/** What a lock means for a run that wants it at `now` (milliseconds since 1970). */
export function obstacleOf(record: LockRecord | undefined, now: number): Obstacle {
  const holder = record?.holder ?? undefined;
  if (record === undefined || holder === undefined) {
    return { kind: "none" };
  }
  return { kind: now > record.leaseUntil + CLOCK_TOLERANCE_MS ? "expired" : "held", holder };
}

/** Such as `ann@laptop (process 42), rollout up since 2026-11-23T12:00:00.000Z, running data, run 1f3…`. */
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
    ...(activeLayers.length === 0 ? [] : [`running ${activeLayers.map(({ layer }) => layer).join(" and ")}`]),
    ...(commit === null ? [] : [`commit ${commit.slice(0, 12)}`]),
    ...(ciUrl === null ? [] : [ciUrl]),
    `run ${runId}`,
  ].join(", ");
}
