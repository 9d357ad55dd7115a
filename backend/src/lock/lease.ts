/** A lock that this run holds. A heartbeat renews it; it is lost when that fails for too long or another run has taken over. */
import type { Timing } from "./timing.ts";
import { orphanedBy, type DeadEngine, type Holder, type ActiveLayer, type LockRecord } from "./record.ts";
import type { LockStore } from "./store.ts";

/** How long a lock is held without a heartbeat, in milliseconds. */
export const LEASE_MS = 60_000;
/** How often its holder gives one. */
export const HEARTBEAT_MS = 15_000;

export class Lease {
  /** The dead holder whose lock this was; undefined when it was free. */
  readonly takenOver: Holder | undefined;
  readonly #store: LockStore;
  readonly #timing: Timing;
  readonly #lost = new AbortController();
  readonly #stopHeartbeat: () => void;
  #record: LockRecord;
  #writing: Promise<void> = Promise.resolve();

  private constructor(store: LockStore, record: LockRecord, takenOver: Holder | undefined, timing: Timing) {
    this.#store = store;
    this.#record = record;
    this.takenOver = takenOver;
    this.#timing = timing;
    this.#stopHeartbeat = timing.every(
      HEARTBEAT_MS,
      () => void this.#change((record) => record).catch(() => undefined),
    );
  }

  /** Takes a lock that was `found` free or expired; undefined when somebody else was faster. */
  static async take(
    store: LockStore,
    found: LockRecord | undefined,
    holder: Holder,
    takenOver: Holder | undefined,
    timing: Timing,
  ): Promise<Lease | undefined> {
    const { revision, fencing } = found ?? { revision: 0, fencing: 0 };
    const next = {
      ...{ revision: revision + 1, fencing: fencing + 1 },
      ...{ holder, leaseUntil: timing.now() + LEASE_MS, orphaned: [...orphanedBy(found)] },
    };
    return (await store.write(next)) ? new Lease(store, next, takenOver, timing) : undefined;
  }

  /** Number of this holder; larger than that of every earlier one. */
  get fencing(): number {
    return this.#record.fencing;
  }

  /** Aborted when the lock is not held any more; the reason is an error with a sentence, and the cause if there is one. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  /** Engines of dead holders, whose own locks may still be there. */
  get orphaned(): readonly DeadEngine[] {
    return this.#record.orphaned;
  }

  /** Records an engine of this run whose own lock could not be removed, so that the next run does it. */
  async recordOrphaned(engine: DeadEngine): Promise<void> {
    await this.#change((record) => ({ ...record, orphaned: [...record.orphaned, engine] }));
  }

  /** Records that nothing is left of dead holders. */
  async clearOrphaned(): Promise<void> {
    await this.#change((record) => ({ ...record, orphaned: [] }));
  }

  /** Records which layers are running, with the process numbers of their engines. */
  async recordActiveLayers(activeLayers: readonly ActiveLayer[]): Promise<void> {
    await this.#change(({ holder, ...record }) => ({
      ...record,
      holder: holder && { ...holder, activeLayers: [...activeLayers] },
    }));
  }

  /** Gives the lock back, unless it was lost. */
  async release(): Promise<void> {
    this.#stopHeartbeat();
    await this.#writing;
    if (!this.lost.aborted) {
      await this.#store.write({ ...this.#record, revision: this.#record.revision + 1, holder: null });
    }
  }

  /** Writes a heartbeat with a change; one write after another. A failure only counts when the lease is over. */
  #change(change: (record: LockRecord) => LockRecord): Promise<void> {
    const write = this.#writing.then(() => this.#write(change));
    this.#writing = write.catch(() => undefined);
    return write;
  }

  async #write(change: (record: LockRecord) => LockRecord): Promise<void> {
    if (this.lost.aborted) {
      return;
    }
    const { revision, leaseUntil } = this.#record;
    const now = this.#timing.now();
    const next = { ...change(this.#record), revision: revision + 1, leaseUntil: now + LEASE_MS };
    let written: boolean;
    try {
      written = await this.#store.write(next);
    } catch (error) {
      // Nobody takes over before the lease is over, so the run may go on until then.
      if (this.#timing.now() > leaseUntil) {
        this.#lose(`The lock could not be renewed: ${String(error)}`, error);
      }
      return;
    }
    if (written) {
      this.#record = next;
    } else {
      await this.#adoptOrLose(next);
    }
  }

  /** When the answer to a write was lost, the record may still be ours: holder and number match. */
  async #adoptOrLose(tried: LockRecord): Promise<void> {
    const found = await this.#store.read();
    if (found?.fencing === tried.fencing && found.holder?.runId === tried.holder?.runId) {
      this.#record = found;
    } else {
      this.#lose("Another run has taken the lock over, or it was released by force.");
    }
  }

  #lose(reason: string, cause?: unknown): void {
    this.#stopHeartbeat();
    this.#lost.abort(new Error(reason, { cause }));
  }
}
