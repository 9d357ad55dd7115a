/** What the rollout needs of Pulumi. The real one is in pulumi/engine.ts; tests drive the rollout with another. */
import { ExitCode, PrintedError } from "@proliferate-infra/backend/errors";
import type { LayerName } from "@proliferate-infra/shared/layers";
import type { ChangeCounts, ResourceStep } from "./results.ts";

/** What an operation did. */
export interface EngineResult {
  readonly changes: ChangeCounts;
  /** Outputs that are not secret. */
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly resources: readonly ResourceStep[];
}

/** What happens in a layer: work on a resource begins or ends, or there is a message for people. */
export interface Progress {
  readonly kind: "begin" | "end" | "message";
  /** Such as "creating aws:ec2/vpc:Vpc vpc"; the same for the end as for the beginning. */
  readonly text: string;
}

/** Called while an operation runs. */
export type OnProgress = (progress: Progress) => void;

/** An operation that did not succeed; its message is fit for people and holds no secret. */
export class EngineFailure extends PrintedError {
  readonly changes: ChangeCounts;
  /** Whether it was stopped rather than failed. */
  readonly interrupted: boolean;
  readonly resources: readonly ResourceStep[];

  constructor(
    message: string,
    {
      changes,
      interrupted,
      resources,
    }: { changes: ChangeCounts; interrupted: boolean; resources: readonly ResourceStep[] },
  ) {
    super(message, ExitCode.layerFailed);
    this.changes = changes;
    this.interrupted = interrupted;
    this.resources = resources;
  }
}

/** Something that the engine does with one layer. Throws EngineFailure. */
export type EngineOperation = (layer: LayerName, onProgress: OnProgress) => Promise<EngineResult>;

/** Pulumi, for one stack name in all layers. */
export interface LayerEngine {
  /** Creates or changes a layer's resources. */
  readonly up: EngineOperation;
  /** Plans what `up` would do, and changes nothing. */
  readonly preview: EngineOperation;
  /** Compares a layer's state with AWS, and changes nothing: updates and deletions are what differs. */
  readonly refreshPreview: EngineOperation;
  /** Deletes a layer's resources. */
  readonly destroy: EngineOperation;
}
