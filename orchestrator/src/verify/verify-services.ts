/**
 * Verification after a deployment of services: which of them run as they were deployed, and which do not and why. Costs a rollout without services nothing: AWS's SDK is loaded only when there is something to look at.
 */
import { setTimeout } from "node:timers/promises";
import { pollServices, type ServicesResult } from "./poll-services.ts";
import { UnusableOutputs, verifyPlan, type VerifyPlan } from "./verify-plan.ts";

/** The deployment has waited for a steady state already; this is for what came after it. */
const WITHIN_MS = 5 * 60_000;
const EVERY_MS = 2_000;

/** What was deployed, and where. */
export interface Verification {
  readonly stack: string;
  /** Public outputs of the services layer. */
  readonly outputs: Readonly<Record<string, unknown>>;
  /** The environment's AWS region; undefined: as AWS_REGION or the profile say. Credentials are found as the SDK does. */
  readonly region: string | undefined;
  /** Interrupts it. */
  readonly signal: AbortSignal;
  /** Told every few seconds what is waited for: one text for each service, which may have several lines. */
  readonly onWaiting: (waiting: readonly string[]) => void;
}

/**
 * Verifies all services of an environment; takes up to five minutes when they are not healthy. A deployment is good when
 * `failures` and `waiting` are empty.
 */
export async function verifyServices(verification: Verification): Promise<ServicesResult> {
  const { stack, outputs, region, signal, onWaiting } = verification;
  const plan = planOrFault(outputs, stack);
  if (typeof plan === "string") {
    return { healthy: [], failures: [plan], waiting: [] };
  }
  return plan.services.length === 0 ? NOTHING : pollOnAws(plan, region, signal, onWaiting);
}

const NOTHING: ServicesResult = { healthy: [], failures: [], waiting: [] };

function planOrFault(outputs: Verification["outputs"], stack: string): VerifyPlan | string {
  try {
    return verifyPlan(outputs, stack);
  } catch (error) {
    if (error instanceof UnusableOutputs) {
      return error.message;
    }
    throw error;
  }
}

async function pollOnAws(
  plan: VerifyPlan,
  region: string | undefined,
  signal: AbortSignal,
  onWaiting: Verification["onWaiting"],
): Promise<ServicesResult> {
  const { awsFacts, openClients } = await import("./ecs-facts.ts");
  const clients = openClients(region);
  try {
    return await pollServices(plan, awsFacts(clients), {
      withinMs: WITHIN_MS,
      everyMs: EVERY_MS,
      clock: () => performance.now(),
      sleep: (milliseconds, abort) => setTimeout(milliseconds, undefined, { signal: abort }),
      signal,
      onWaiting,
    });
  } finally {
    clients.ecs.destroy();
    clients.loadBalancers.destroy();
  }
}
