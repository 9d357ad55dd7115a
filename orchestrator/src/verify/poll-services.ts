/**
 * Looks at services until each is healthy or failed, or time is up. The SDK's waitUntilServicesStable does not fit: it calls a
 * service stable that the circuit breaker rolled back, waits for one whose deployment ECS has given up, does not look at
 * targets, and reports nothing until its end.
 */
import type { Task } from "@aws-sdk/client-ecs";
import { AwsCallFailed } from "@proliferate-infra/backend/aws/call";
import { formatDuration } from "@proliferate-infra/shared/values/duration";
import { serviceVerdict, type ServiceFacts } from "./service-verdict.ts";
import { stoppedTaskLines } from "./stopped-tasks-text.ts";

/** Source of what AWS knows. Its functions throw AwsCallFailed. */
export interface ServiceReader {
  /** Facts of these services, in their order. */
  services(names: readonly string[]): Promise<readonly ServiceFacts[]>;
  /** Tasks of a service that ECS has stopped or is stopping, and still knows. */
  stoppedTasks(service: string): Promise<readonly Task[]>;
}

export interface Polling {
  /** Time after the first look in which a service must get healthy, in milliseconds. */
  readonly withinMs: number;
  /** Time between two looks, in milliseconds. */
  readonly everyMs: number;
  /** Milliseconds since some start. */
  readonly clock: () => number;
  /** Waits; rejects when the signal aborts. */
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** Interrupts the polling. */
  readonly signal: AbortSignal;
  /** Receives, after each look but the last, the names of the services that are not healthy yet. */
  readonly onWaiting: (services: readonly string[]) => void;
}

/** A service, with what is wrong with it. */
interface Unhealthy {
  readonly name: string;
  readonly reasons: readonly string[];
}

/**
 * Looks at once, then again and again at the services that are neither healthy nor failed. Returns one text of several lines
 * for each service that failed, was not healthy in time, could not be read, or was still waited for at an interruption.
 */
export async function pollServices(
  services: readonly string[],
  reader: ServiceReader,
  { withinMs, everyMs, clock, sleep, signal, onWaiting }: Polling,
): Promise<readonly string[]> {
  const deadline = clock() + withinMs;
  const problems: string[] = [];
  let waiting: readonly Unhealthy[] = services.map((name) => ({ name, reasons: ["not looked at yet"] }));
  const fail = async (what: string, unhealthy: readonly Unhealthy[]) => {
    for (const { name, reasons } of unhealthy) {
      problems.push(textOf(`${name} ${what}`, [...reasons, ...(await stopReasons(reader, name))]));
    }
  };
  try {
    while (waiting.length > 0) {
      signal.throwIfAborted();
      const names = waiting.map(({ name }) => name);
      const verdicts = (await reader.services(names)).map((facts) => ({ name: facts.name, ...serviceVerdict(facts) }));
      waiting = verdicts.filter(({ kind }) => kind === "waiting");
      await fail(
        "failed",
        verdicts.filter(({ kind }) => kind === "failed"),
      );
      if (waiting.length > 0 && clock() + everyMs > deadline) {
        await fail(`was not healthy within ${formatDuration(withinMs)}`, waiting);
        waiting = [];
      } else if (waiting.length > 0) {
        onWaiting(waiting.map(({ name }) => name));
        await sleep(everyMs);
      }
    }
  } catch (error) {
    if (signal.aborted) {
      return [...problems, ...waiting.map(({ name, reasons }) => textOf(name, reasons))];
    }
    const names = waiting.map(({ name }) => name).join(", ");
    problems.push(`${names} could not be verified: ${messageOfAws(error)}`);
  }
  return problems;
}

/** Why tasks of the service stopped. A call that fails must not hide what is wrong with the service. */
async function stopReasons(reader: ServiceReader, service: string): Promise<readonly string[]> {
  try {
    return stoppedTaskLines(await reader.stoppedTasks(service));
  } catch (error) {
    return [`its stopped tasks could not be read: ${messageOfAws(error)}`];
  }
}

/** @throws the error itself when it is a bug and not AWS's answer. */
function messageOfAws(error: unknown): string {
  if (error instanceof AwsCallFailed) {
    return error.message;
  }
  throw error;
}

function textOf(heading: string, lines: readonly string[]): string {
  return [`${heading}:`, ...lines.map((line) => `  ${line}`)].join("\n");
}
