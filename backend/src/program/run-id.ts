/** How a layer's program knows that a rollout runs it, which has checked lock and upstreams. */
import type { Environment } from "../environment/environment.ts";

/** Variable that a rollout sets for the programs it runs: the id of its run. */
export const RUN_VARIABLE = "ROLLOUT_RUN_ID";

/** The environment for programs of the run `runId`. */
export function withRunId(environment: Environment, runId: string): Environment {
  return { ...environment, pulumiVariables: { ...environment.pulumiVariables, [RUN_VARIABLE]: runId } };
}
