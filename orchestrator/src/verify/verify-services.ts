/** Verification after a deployment of services: whether they run as they were deployed, and if not, why. */
import { setTimeout } from "node:timers/promises";
import { pollServices, type Polling } from "./poll-services.ts";
import { verifyPlan } from "./verify-plan.ts";

/** The deployment has waited for a steady state already; this is for what came after it. */
const WITHIN_MS = 5 * 60_000;
const EVERY_MS = 2_000;

/** What was deployed, and where. */
export interface Verification extends Pick<Polling, "signal" | "onWaiting"> {
  readonly stack: string;
  /** Public outputs of the services layer. */
  readonly outputs: Readonly<Record<string, unknown>>;
  /** The environment's AWS region; undefined: the one that AWS_REGION or the profile names. */
  readonly region: string | undefined;
}

/**
 * Verifies all services of an environment, with the credentials that the SDK finds. Takes up to five minutes when they are not
 * healthy. Returns one text of several lines for each that does not run as it was deployed.
 */
export async function verifyServices(verification: Verification): Promise<readonly string[]> {
  const { stack, outputs, region, signal, onWaiting } = verification;
  const plan = verifyPlan(outputs, stack);
  if (typeof plan === "string") {
    return [plan];
  }
  if (plan.services.length === 0) {
    return [];
  }
  // Loads the SDK, which a rollout without services does not need.
  const { openClients, serviceReader } = await import("./aws-services.ts");
  const clients = openClients(region);
  try {
    return await pollServices(plan.services, serviceReader(clients, plan.cluster, { abortSignal: signal }), {
      withinMs: WITHIN_MS,
      everyMs: EVERY_MS,
      clock: () => performance.now(),
      sleep: (milliseconds) => setTimeout(milliseconds, undefined, { signal }),
      signal,
      onWaiting,
    });
  } finally {
    clients.ecs.destroy();
    clients.loadBalancers.destroy();
  }
}
