/**
 * Waits for Pulumi's lock of a stack. Somebody's lone `pulumi up` is refused while a rollout holds the environment, and holds the
 * stack's lock for the seconds until then.
 */
import type { Timing } from "@proliferate-infra/backend/lock/timing";
import { layerByName } from "@proliferate-infra/shared/layers";
import { EngineFailure, StackLocked, type EngineOperation } from "../model/layer-engine.ts";
import { retried } from "./retry.ts";

/** At least this long, in milliseconds: a lone `pulumi up` that is refused has ended by then. */
const LEAST_WAIT_MS = 15_000;
const POLL_MS = 2_000;

export interface StackWait {
  readonly stack: string;
  /** Of --lock-timeout, in milliseconds. */
  readonly lockTimeout: number;
  /** Ends the wait. */
  readonly signal: AbortSignal;
  readonly timing: Pick<Timing, "now" | "sleep">;
}

/** `operate`, tried again while another process holds the lock. Throws EngineFailure when that takes too long. */
export function waitingForStack(operate: EngineOperation, wait: StackWait): EngineOperation {
  const { stack, lockTimeout, signal, timing } = wait;
  return async (layer, onProgress) => {
    const deadline = timing.now() + Math.max(lockTimeout, LEAST_WAIT_MS);
    const onWait = () => {
      onProgress({ kind: "message", text: "waits for another update of this stack" });
    };
    try {
      const retry = { failure: StackLocked, onWait, everyMs: POLL_MS, deadline, signal, timing };
      return await retried(() => operate(layer, onProgress), retry);
    } catch (error) {
      if (!(error instanceof StackLocked)) {
        throw error;
      }
      const place = `--stack ${stack} --cwd ${layerByName(layer).directory}`;
      throw new EngineFailure(
        `Another update of this stack is running, or was killed. Wait for it with --lock-timeout 10m. If it was killed: pulumi cancel ${place}`,
        error,
      );
    }
  };
}
