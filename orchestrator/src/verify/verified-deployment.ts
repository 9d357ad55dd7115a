/** A deployment of services is done only when they run as they were deployed. */
import { EngineFailure, type EngineOperation } from "../model/layer-engine.ts";
import { verifyServices, type Verification } from "./verify-services.ts";

/** `deploy`, and after services the verification of what runs. */
export function verified(
  deploy: EngineOperation,
  { stack, region, signal }: Pick<Verification, "stack" | "region" | "signal">,
): EngineOperation {
  return async (layer, onProgress) => {
    const result = await deploy(layer, onProgress);
    if (layer !== "services") {
      return result;
    }
    const onWaiting = (services: readonly string[]) => {
      onProgress({ kind: "message", text: `waiting for ${services.join(", ")}` });
    };
    const problems = await verifyServices({ stack, outputs: result.outputs, region, signal, onWaiting });
    if (problems.length > 0) {
      throw new EngineFailure(problems.join("\n"), { ...result, interrupted: signal.aborted });
    }
    return result;
  };
}
