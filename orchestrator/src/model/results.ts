/** The words of a rollout: how a layer and a whole run can end, and the exit code that goes with it. */
import { ExitCode } from "@proliferate-infra/backend/errors";
import type { LayerName } from "@proliferate-infra/shared/layers";

/** How a layer can end. `blocked`: a layer that it needs failed, so it never ran. */
export const layerStatuses = ["succeeded", "unchanged", "failed", "blocked", "interrupted", "not-reached"] as const;

/** How a layer ended. */
export type LayerStatus = (typeof layerStatuses)[number];

/** Whether a layer that ended so is as it should be. */
export function isGood(status: LayerStatus): boolean {
  return status === "succeeded" || status === "unchanged";
}

/** Number of resources by what was done to them. */
export interface ChangeCounts {
  readonly create: number;
  readonly update: number;
  readonly replace: number;
  readonly delete: number;
  readonly same: number;
}

/** No change at all. */
export const NO_CHANGES: ChangeCounts = { create: 0, update: 0, replace: 0, delete: 0, same: 0 };

/** Whether anything was, or would be, done. */
export function hasChanges({ create, update, replace, delete: removed }: ChangeCounts): boolean {
  return create + update + replace + removed > 0;
}

/** One resource that was worked on. */
export interface ResourceStep {
  readonly urn: string;
  /** What was done, in the engine's words, such as `create` or `delete-replaced`. */
  readonly op: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** Milliseconds since 1970; undefined when it never ended. */
  readonly endedAt: number | undefined;
  readonly failed: boolean;
}

/** What became of one layer. */
export interface LayerResult {
  readonly layer: LayerName;
  readonly status: LayerStatus;
  /** Why it failed, in the engine's words. */
  readonly reason?: string;
  /** The failed layer that blocks this one. */
  readonly cause?: LayerName;
  /** When its engine was started, in milliseconds since 1970; undefined when it was not. */
  readonly startedAt?: number;
  readonly durationMs: number;
  readonly changes: ChangeCounts;
  /** Resources that were worked on, in the order in which they began; none for those that stayed as they were. */
  readonly resources?: readonly ResourceStep[];
  /** Inputs that a preview could not know, such as `data.redisUrl`: they exist once that layer is applied. */
  readonly unknownInputs?: readonly string[];
  /** Inputs that have changed since the layer was deployed with them; told by `drift`. */
  readonly stale?: readonly string[];
  /** Parts of the fingerprint that no deployment has seen, such as `code`; told by `drift`. */
  readonly unapplied?: readonly string[];
  /** Outputs that are not secret. */
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** Exit code of a run whose layers ended so. */
export function exitCodeOf(results: readonly LayerResult[]): number {
  const statuses = new Set(results.map(({ status }) => status));
  if (statuses.has("interrupted")) {
    return ExitCode.interrupted;
  }
  return statuses.has("failed") || statuses.has("blocked") ? ExitCode.layerFailed : ExitCode.done;
}
