/**
 * The engines that a run has started. The run's lock names them, so that the next run can remove what they leave when this run
 * is killed. The lock of an engine that is killed alone, such as by a lack of memory, is removed at once.
 */
import { messageOf } from "@proliferate-infra/backend/errors";
import type { LayerName } from "@proliferate-infra/shared/layers";
import type { LayerOperation } from "./layer-operation.ts";
import type { RunFacts } from "../model/run-facts.ts";
import type { ObjectStore } from "@proliferate-infra/backend/storage/object-store";
import type { Lease } from "@proliferate-infra/backend/lock/lease";
import { removeOrphanedLocks } from "@proliferate-infra/backend/lock/pulumi-locks";

/** The run that started the engines, and the store with Pulumi's own locks. */
export interface EngineOwner {
  readonly lease: Pick<Lease, "recordActiveLayers" | "recordOrphaned">;
  readonly store: ObjectStore;
  readonly stack: string;
  readonly facts: Pick<RunFacts, "by" | "runId">;
  readonly say: (line: string) => void;
}

export class ActiveEngines {
  readonly #owner: EngineOwner;
  readonly #pids = new Map<LayerName, number>();

  constructor(owner: EngineOwner) {
    this.#owner = owner;
  }

  /** Registers the process of a layer's engine, in place of an earlier one of the layer. */
  readonly started = (layer: LayerName, pid: number): void => {
    this.#pids.set(layer, pid);
    this.#updateLock();
  };

  /** `operate`, after which the layer's engine is no longer active, and has left no lock. */
  watching(operate: LayerOperation): LayerOperation {
    return async (layer) => {
      try {
        const result = await operate(layer);
        // An engine that was killed may have left its lock, also when the run was interrupted before.
        if (result.status === "failed" || result.status === "interrupted") {
          await this.#removeOrphanedLock(layer);
        }
        return result;
      } finally {
        this.#pids.delete(layer);
        this.#updateLock();
      }
    };
  }

  #updateLock(): void {
    void this.#owner.lease.recordActiveLayers([...this.#pids].map(([layer, enginePid]) => ({ layer, enginePid })));
  }

  /** Removes Pulumi's lock of an engine that was killed; any other engine has removed its own. */
  async #removeOrphanedLock(layer: LayerName): Promise<void> {
    const { lease, store, stack, facts, say } = this.#owner;
    const { user, host } = facts.by;
    const pid = this.#pids.get(layer);
    if (pid === undefined) {
      return;
    }
    const engine = { user, host, pid, runId: facts.runId };
    try {
      for (const key of await removeOrphanedLocks(store, stack, [engine])) {
        say(`Removed the orphaned lock of the killed engine of ${layer}: ${key}`);
      }
    } catch (error) {
      await lease.recordOrphaned(engine);
      say(
        `Could not check whether the engine of ${layer} has left a lock, so the next run does it: ${messageOf(error)}`,
      );
    }
  }
}
