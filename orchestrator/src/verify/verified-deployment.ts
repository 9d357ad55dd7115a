/** A deployment of services counts as done only when they run as they were deployed. */
import { EngineFailure, type EngineOperation } from "../model/layer-engine.ts";
import { verifyServices } from "./verify-services.ts";

/** Where the services are. */
export interface DeployedEnvironment {
  readonly stack: string;
  /** Undefined: as AWS_REGION or the profile say. */
  readonly region: string | undefined;
  /** Ends the wait. */
  readonly signal: AbortSignal;
}

/** `deploy`, and after services the look at what runs. */
export function verified(deploy: EngineOperation, { stack, region, signal }: DeployedEnvironment): EngineOperation {
  return async (layer, onProgress) => {
    const result = await deploy(layer, onProgress);
    if (layer !== "services") {
      return result;
    }
    const onWaiting = (waiting: readonly string[]) => {
      const services = waiting.map((text) => text.split(":", 1).join()).join(", ");
      onProgress({ kind: "message", text: `waiting for ${services}` });
    };
    const { outputs } = result;
    const { failures, waiting } = await verifyServices({ stack, outputs, region, signal, onWaiting });
    const wrong = [...failures, ...waiting];
    if (wrong.length > 0) {
      throw new EngineFailure(wrong.join("\n"), { ...result, interrupted: signal.aborted });
    }
    return result;
  };
}
