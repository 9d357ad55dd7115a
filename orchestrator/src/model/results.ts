/** Results of layers, and the exit code that follows from them. */
import { ExitCode } from "@proliferate-infra/backend/errors";
import type { LayerName } from "@proliferate-infra/shared/layers";

/** How a layer can end. `blocked`: an upstream failed. `not-reached`: the run stopped before it. */
export const layerStatuses = ["succeeded", "unchanged", "failed", "blocked", "interrupted", "not-reached"] as const;

export type LayerStatus = (typeof layerStatuses)[number];

/** Whether the layer is up to date after it ended so. */
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

export const NO_CHANGES: ChangeCounts = { create: 0, update: 0, replace: 0, delete: 0, same: 0 };

/** Whether a resource was, or would be, changed. */
export function hasChanges({ create, update, replace, delete: removed }: ChangeCounts): boolean {
  return create + update + replace + removed > 0;
}

/** One operation on one resource. */
export interface ResourceStep {
  readonly urn: string;
  /** Pulumi's name of the operation, such as `create` or `delete-replaced`. */
  readonly op: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** Milliseconds since 1970; undefined when it never ended. */
  readonly endedAt: number | undefined;
  readonly failed: boolean;
}

export interface LayerResult {
  readonly layer: LayerName;
  readonly status: LayerStatus;
  /** Error messages of a failed layer. */
  readonly reason?: string;
  /** The failed layer that blocks this one. */
  readonly cause?: LayerName;
  /** When its engine was started, in milliseconds since 1970; undefined when it was not. */
  readonly startedAt?: number;
  readonly durationMs: number;
  readonly changes: ChangeCounts;
  /** Operations in the order in which they began; unchanged resources have none. */
  readonly resources?: readonly ResourceStep[];
  /** Inputs that a preview could not know, such as `data.redisUrl`: they exist once that layer is applied. */
  readonly unknownInputs?: readonly string[];
  /** Inputs that have changed since the layer was deployed; set by `drift`. */
  readonly stale?: readonly string[];
  /** Parts of the fingerprint that have not been deployed yet, such as `code`; set by `drift`. */
  readonly unapplied?: readonly string[];
  /** Changes that AWS has queued until the maintenance window, as texts. The layer is up to date. */
  readonly pending?: readonly string[];
  /** Outputs that are not secret. */
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** The result of a layer whose engine did not run. */
export function resultWithoutRun(
  layer: LayerName,
  result: Pick<LayerResult, "status"> & Partial<LayerResult>,
): LayerResult {
  return { layer, durationMs: 0, changes: NO_CHANGES, outputs: {}, ...result };
}

/** Exit code of a run with these results. */
export function exitCodeOf(results: readonly LayerResult[]): number {
  const statuses = new Set(results.map(({ status }) => status));
  if (statuses.has("interrupted")) {
    return ExitCode.interrupted;
  }
  return statuses.has("failed") || statuses.has("blocked") ? ExitCode.layerFailed : ExitCode.done;
}
