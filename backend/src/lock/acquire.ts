/**
 * One lock for all layers of an environment, held as a lease: its holder writes a heartbeat every few seconds, and without
 * one the lease ends. Each new holder gets a higher number.
 */
import { ExitCode, PrintedError } from "../errors.ts";
import type { Timing } from "./timing.ts";
import { Lease } from "./lease.ts";
import { holderText, obstacleOf, type Holder } from "./record.ts";
import type { LockStore } from "./store.ts";

/** Shortest and longest time between two reads of a held lock, in milliseconds. */
const POLL_MS = [500, 2_000] as const;

/** Another run still holds the lock at the end of the wait. */
export class LockHeld extends PrintedError {
  constructor(message: string) {
    super(message, ExitCode.locked);
  }
}

/** The wait for the lock was interrupted. */
class WaitInterrupted extends PrintedError {
  constructor(message: string) {
    super(message, ExitCode.interrupted);
  }
}

/** Who wants a lock, and how. */
export interface LockRequest {
  readonly store: LockStore;
  readonly stack: string;
  readonly holder: Holder;
  /** How long to wait for another holder, in milliseconds; 0 does not wait. */
  readonly waitMs: number;
  /** Called once for each holder that must be waited for. */
  readonly onWait: (text: string) => void;
  /** Ends the wait. */
  readonly signal: AbortSignal;
  readonly timing: Timing;
}

/**
 * Takes the lock as soon as it is free or its holder's lease is over.
 *
 * @throws LockHeld that names the holder when that does not happen in time, WaitInterrupted when `signal` is aborted.
 */
export async function acquireLock(request: LockRequest): Promise<Lease> {
  const { store, holder, waitMs, onWait, signal, timing } = request;
  const deadline = timing.now() + waitMs;
  let waitedFor = "";
  for (;;) {
    const record = await store.read();
    const obstacle = obstacleOf(record, timing.now());
    if (obstacle.kind !== "held") {
      const takenOver = obstacle.kind === "expired" ? obstacle.holder : undefined;
      const lease = await Lease.take(store, record, holder, takenOver, timing);
      if (lease !== undefined) {
        return lease;
      }
      continue;
    }
    if (signal.aborted) {
      throw new WaitInterrupted("Interrupted while waiting for the environment; nothing was touched.");
    }
    if (timing.now() >= deadline) {
      throw new LockHeld(heldText(request.stack, obstacle.holder));
    }
    if (waitedFor !== obstacle.holder.runId) {
      waitedFor = obstacle.holder.runId;
      onWait(`Waiting for ${holderText(obstacle.holder)}.`);
    }
    const [least, most] = POLL_MS;
    await timing.sleep(Math.min(least + timing.random() * (most - least), Math.max(deadline - timing.now(), 1)));
  }
}

function heldText(stack: string, holder: Holder): string {
  return [
    `The environment ${stack} is held by ${holderText(holder)}.`,
    `Wait for it with --lock-timeout 10m. If that run is dead, its lock ends by itself within a minute; at once: rollout unlock --stack ${stack} --run ${holder.runId}`,
  ].join("\n");
}
