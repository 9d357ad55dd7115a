/**
 * The engines that a run has started. Its lock names them, so that a later run knows what a dead one may have left; what an
 * engine leaves that is killed while the run lives, as a machine short of memory does, is removed at once.
 */
import type { LayerName } from "@proliferate-infra/shared/layers";
import type { LayerOperation } from "./in-order.ts";
import type { RunFacts } from "../model/run-facts.ts";
import type { ObjectStore } from "@proliferate-infra/backend/storage/object-store";
import type { Lease } from "@proliferate-infra/backend/lock/lease";
import { removeOrphanedLocks } from "@proliferate-infra/backend/lock/pulumi-locks";

/** Whose engines they are, and where their locks are. */
export interface EngineOwner {
  readonly lease: Pick<Lease, "working">;
  readonly store: ObjectStore;
  readonly stack: string;
  readonly facts: Pick<RunFacts, "by" | "runId">;
  readonly say: (line: string) => void;
}

/** Engines of one run. */
export class ActiveEngines {
  readonly #owner: EngineOwner;
  readonly #pids = new Map<LayerName, number>();

  constructor(owner: EngineOwner) {
    this.#owner = owner;
  }

  /** A layer's engine has begun; one after another may work on a layer. */
  started(layer: LayerName, pid: number): void {
    this.#pids.set(layer, pid);
    this.#tell();
  }

  /** `operate`, with what follows from its end. */
  watching(operate: LayerOperation): LayerOperation {
    return async (layer) => {
      try {
        const result = await operate(layer);
        if (result.status === "failed") {
          await this.#removeLeftLock(layer);
        }
        return result;
      } finally {
        this.#pids.delete(layer);
        this.#tell();
      }
    };
  }

  #tell(): void {
    void this.#owner.lease.working([...this.#pids].map(([layer, enginePid]) => ({ layer, enginePid })));
  }

  /** An engine that comes to its own end takes its lock away itself. */
  async #removeLeftLock(layer: LayerName): Promise<void> {
    const { store, stack, facts, say } = this.#owner;
    const { user, host } = facts.by;
    const pid = this.#pids.get(layer);
    const ended = pid === undefined ? [] : [{ user, host, pid, runId: facts.runId }];
    try {
      for (const key of await removeOrphanedLocks(store, stack, ended)) {
        say(`Removed the orphaned lock of the killed engine of ${layer}: ${key}`);
      }
    } catch (error) {
      say(`What the engine of ${layer} has left could not be looked at: ${String(error)}`);
    }
  }
}
