/** Pulumi as a run sees it. pulumi/engine.ts implements it; tests use fakes. */
import { ExitCode, PrintedError } from "@proliferate-infra/backend/errors";
import type { LayerName } from "@proliferate-infra/shared/layers";
import type { ChangeCounts, ResourceStep } from "./results.ts";

export interface EngineResult {
  readonly changes: ChangeCounts;
  /** Outputs that are not secret. */
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly resources: readonly ResourceStep[];
}

/** What happens in a layer: work on a resource begins or ends, or there is a message for people. */
export interface Progress {
  readonly kind: "begin" | "end" | "message";
  /** Such as "creating aws:ec2/vpc:Vpc vpc"; the same at begin and end. */
  readonly text: string;
}

export type OnProgress = (progress: Progress) => void;

/** A failed operation; its message is for people and contains no secret. */
export class EngineFailure extends PrintedError {
  readonly changes: ChangeCounts;
  /** Whether a signal ended it. */
  readonly interrupted: boolean;
  readonly resources: readonly ResourceStep[];

  constructor(message: string, facts: Pick<EngineFailure, "changes" | "interrupted" | "resources">) {
    super(message, ExitCode.layerFailed);
    this.changes = facts.changes;
    this.interrupted = facts.interrupted;
    this.resources = facts.resources;
  }
}

/** Another process holds Pulumi's lock of the layer's stack. Nothing was changed. */
export class StackLocked extends EngineFailure {}

/** An operation on one layer. Throws EngineFailure. */
export type EngineOperation = (layer: LayerName, onProgress: OnProgress) => Promise<EngineResult>;

/** The operations of one environment. */
export interface LayerEngine {
  /** Creates or changes a layer's resources. */
  readonly up: EngineOperation;
  /** Plans an `up`, and changes nothing. */
  readonly preview: EngineOperation;
  /** Compares a layer's state with AWS, and changes nothing. Updates and deletions are the differences. */
  readonly refreshPreview: EngineOperation;
  readonly destroy: EngineOperation;
  /** Takes what cut-off operations have created into the layer's state, and forgets the operations. */
  readonly completeCutOff: EngineOperation;
}
