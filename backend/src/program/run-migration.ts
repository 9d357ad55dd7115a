/** A migration from its start to its end, one at a time. AWS, clock and sleep are injected. */
import { formatDuration } from "@proliferate-infra/shared/values/duration";

/** What is run, and where. */
export interface MigrationRequest {
  /** Name or ARN of the ECS cluster. */
  readonly cluster: string;
  /** ARN of the task definition, with its revision. */
  readonly taskDefinition: string;
  readonly subnets: readonly string[];
  readonly securityGroup: string;
  readonly region: string;
}

/** A one-off task as ECS tells. */
export interface TaskStatus {
  /** Such as `PENDING` or `STOPPED`. */
  readonly status: string;
  /** Of its container; undefined while it runs, and for ever when it never started. */
  readonly exitCode: number | undefined;
  /** Why it stopped. */
  readonly reason: string | undefined;
}

/** What a migration asks of AWS; a port, so that what uses it needs no SDK. */
export interface MigrationPort {
  /** ARNs of the family's tasks that run or are about to. */
  running(request: MigrationRequest): Promise<readonly string[]>;
  /** Starts a task and answers its ARN; throws when there is no room or the request is wrong. */
  start(request: MigrationRequest): Promise<string>;
  taskStatus(request: MigrationRequest, task: string): Promise<TaskStatus>;
  /** The last lines of its log; none when it wrote none. */
  lastLines(request: MigrationRequest, task: string): Promise<readonly string[]>;
}

/** How to wait. */
export interface Waiting {
  /** Milliseconds since some start. */
  readonly clock: () => number;
  /** Waits; rejects when the wait is interrupted. */
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** Told how it gets on. */
  readonly tell: (line: string) => void;
}

/** How a migration ended: with its last lines, or with a failure in words. */
export type MigrationOutcome =
  { readonly lines: readonly string[]; readonly failure?: undefined } | { readonly failure: string };

const EVERY_MS = 2_000;
const TELL_EVERY_MS = 30_000;

/** Starts the migration unless one is running, waits for its end, and says how it was. */
export async function runMigration(
  request: MigrationRequest,
  port: MigrationPort,
  { clock, sleep, tell }: Waiting,
): Promise<MigrationOutcome> {
  const [other] = await port.running(request);
  if (other !== undefined) {
    return { failure: alreadyRunning(request, other) };
  }
  const task = await port.start(request);
  const started = clock();
  let told = started;
  tell(`The migration has started: ${task}`);
  for (;;) {
    const found = await port.taskStatus(request, task);
    if (found.status === "STOPPED") {
      return ended(found, await port.lastLines(request, task));
    }
    if (clock() - told >= TELL_EVERY_MS) {
      told = clock();
      tell(`The migration is ${found.status.toLowerCase()} for ${formatDuration(told - started)}.`);
    }
    await sleep(EVERY_MS);
  }
}

function alreadyRunning({ cluster, region }: MigrationRequest, task: string): string {
  return [
    `A migration is running already: ${task}. Two at a time could spoil each other's work. Wait for its end, or end it:`,
    `  aws ecs stop-task --cluster ${cluster} --task ${task} --region ${region}`,
  ].join("\n");
}

function ended({ exitCode, reason }: TaskStatus, lines: readonly string[]): MigrationOutcome {
  if (exitCode === 0) {
    return { lines };
  }
  const how = exitCode === undefined ? "did not get to run" : `ended with exit code ${exitCode}`;
  const why = reason === undefined ? "" : ` (${reason})`;
  const said = lines.length === 0 ? "It wrote nothing to its log." : "Its last lines:";
  return { failure: [`The migration ${how}${why}. ${said}`, ...lines.map((line) => `  ${line}`)].join("\n") };
}
