/** Looks at services until each is healthy or failed, or time is up. Reader, clock and sleep are injected. */
import { formatDuration } from "@proliferate-infra/shared/values/duration";
import { FactsUnavailable, type FactsReader } from "./facts-reader.ts";
import { serviceVerdict } from "./service-verdict.ts";
import { stoppedTaskLines } from "./stopped-tasks-text.ts";
import type { VerifyPlan } from "./verify-plan.ts";

/** How the services stood at the end. A text is for people and may have several lines. */
export interface ServicesResult {
  /** Names of the services that run as they were deployed. */
  readonly healthy: readonly string[];
  /** One text for each service that failed, was not healthy in time, or could not be looked at. */
  readonly failures: readonly string[];
  /** One text for each service that was still waited for; there are some only when it was interrupted. */
  readonly waiting: readonly string[];
}

/** How to wait, and who is told about it. */
export interface Polling {
  /** Time after the first look in which a service must get healthy, in milliseconds. */
  readonly withinMs: number;
  /** Time between two looks, in milliseconds. */
  readonly everyMs: number;
  /** Milliseconds since some start. */
  readonly clock: () => number;
  /** Waits; rejects when the signal aborts. */
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** Interrupts it. */
  readonly signal: AbortSignal;
  /** Told after each look that was not the last: one text for each service that is waited for. */
  readonly onWaiting: (waiting: readonly string[]) => void;
}

/** A service with what is wrong with it. */
interface Undecided {
  readonly name: string;
  readonly reasons: readonly string[];
}

/** Looks at once, then again and again at the services that are neither healthy nor failed. */
export async function pollServices(
  { cluster, services }: Pick<VerifyPlan, "cluster" | "services">,
  reader: FactsReader,
  polling: Polling,
): Promise<ServicesResult> {
  const { withinMs, everyMs, clock, sleep, signal } = polling;
  const deadline = clock() + withinMs;
  const healthy: string[] = [];
  const failures: string[] = [];
  let undecided: readonly Undecided[] = services.map((name) => ({ name, reasons: ["not looked at yet"] }));
  const fail = async (what: string, standings: readonly Undecided[]) => {
    for (const { name, reasons } of standings) {
      failures.push(textOf(`${name} ${what}`, [...reasons, ...(await whyStopped(reader, cluster, name, signal))]));
    }
  };
  try {
    while (undecided.length > 0) {
      signal.throwIfAborted();
      const names = undecided.map(({ name }) => name);
      const looked = verdictsOf(await reader.services(cluster, names, signal));
      healthy.push(...looked.healthy);
      undecided = looked.waiting;
      await fail("failed", looked.failed);
      if (undecided.length > 0 && clock() + everyMs > deadline) {
        await fail(`was not healthy within ${formatDuration(withinMs)}`, undecided);
        undecided = [];
      } else if (undecided.length > 0) {
        polling.onWaiting(undecided.map(waitingText));
        await sleep(everyMs, signal);
      }
    }
  } catch (error) {
    if (!signal.aborted) {
      failures.push(`${undecided.map(({ name }) => name).join(", ")} could not be verified: ${unavailable(error)}`);
      undecided = [];
    }
  }
  return { healthy, failures, waiting: undecided.map(waitingText) };
}

function verdictsOf(facts: Awaited<ReturnType<FactsReader["services"]>>) {
  const verdicts = facts.map((each) => ({ name: each.name, verdict: serviceVerdict(each) }));
  const standings = (kind: "waiting" | "failed"): readonly Undecided[] =>
    verdicts.flatMap(({ name, verdict }) => (verdict.kind === kind ? [{ name, reasons: verdict.reasons }] : []));
  return {
    healthy: verdicts.filter(({ verdict }) => verdict.kind === "healthy").map(({ name }) => name),
    waiting: standings("waiting"),
    failed: standings("failed"),
  };
}

/** The verdict stands also when its explanation cannot be had. */
async function whyStopped(
  reader: FactsReader,
  cluster: string,
  service: string,
  signal: AbortSignal,
): Promise<readonly string[]> {
  try {
    return stoppedTaskLines(await reader.stoppedTasks(cluster, service, signal));
  } catch (error) {
    return [`its stopped tasks could not be read: ${unavailable(error)}`];
  }
}

/** @throws the error itself when it is a bug and not AWS's answer. */
function unavailable(error: unknown): string {
  if (error instanceof FactsUnavailable) {
    return error.message;
  }
  throw error;
}

function waitingText({ name, reasons }: Undecided): string {
  return textOf(name, reasons);
}

function textOf(heading: string, lines: readonly string[]): string {
  return [`${heading}:`, ...lines.map((line) => `  ${line}`)].join("\n");
}
