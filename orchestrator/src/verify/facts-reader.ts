/** Where facts of services come from: a port, so that what uses it needs no SDK. */
import type { ServiceFacts, StoppedTask } from "./service-facts.ts";

/** Source of facts; its signal ends a call. */
export interface FactsReader {
  /**
   * Facts of these services of a cluster, in their order.
   *
   * @throws FactsUnavailable
   */
  services(cluster: string, names: readonly string[], signal: AbortSignal): Promise<readonly ServiceFacts[]>;
  /**
   * Tasks of a service that stopped within about the last hour.
   *
   * @throws FactsUnavailable
   */
  stoppedTasks(cluster: string, service: string, signal: AbortSignal): Promise<readonly StoppedTask[]>;
}

/** AWS did not answer, or refused to. The message names the call, as IAM's permission for it, and the reason. */
export class FactsUnavailable extends Error {
  override readonly name = "FactsUnavailable";
}

/**
 * What a call to AWS answers.
 *
 * @param call name of its permission in IAM, such as `ecs:ListTasks`.
 * @throws FactsUnavailable instead of the SDK's own errors.
 */
export async function answer<T>(call: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    throw new FactsUnavailable(`${call}: ${reason}`, { cause: error });
  }
}
