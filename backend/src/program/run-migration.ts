/** A migration from its start to its end: its task in ECS, its log in CloudWatch. Import it when it is needed, because it loads the SDK. */
import { CloudWatchLogsClient, GetLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { ECSClient, RunTaskCommand, type Task } from "@aws-sdk/client-ecs";
import { familyOf } from "@proliferate-infra/shared/aws/task-definition-name";
import { formatDuration } from "@proliferate-infra/shared/values/duration";
import { callAws } from "../aws/call.ts";
import { awsClient } from "../aws/client.ts";
import { applicationContainer, listTasks, stoppedTask } from "../aws/ecs.ts";
import type { MigrationRequest } from "./migration-request.ts";

/** Lines of the log that are shown. */
const SHOWN_LINES = 30;

/** Time between two reports of progress. */
const REPORT_SECONDS = 30;

/** How a migration ended: with its last lines, or with a failure in words. */
export type MigrationOutcome =
  { readonly lines: readonly string[]; readonly failure?: undefined } | { readonly failure: string };

/** Clients of the two APIs. */
export interface MigrationClients {
  readonly ecs: ECSClient;
  readonly logs: CloudWatchLogsClient;
}

export interface MigrationWait {
  /** Receives the start, and every 30 seconds the task's status. */
  readonly report: (line: string) => void;
  /** Ends the wait, which rejects then. The task goes on. */
  readonly signal: AbortSignal;
}

/** Runs a migration in the request's region, with the credentials that the SDK finds. */
export async function migrateOnAws(request: MigrationRequest, wait: MigrationWait): Promise<MigrationOutcome> {
  const { region } = request;
  const clients = { ecs: awsClient(ECSClient, { region }), logs: awsClient(CloudWatchLogsClient, { region }) };
  try {
    return await runMigration(request, clients, wait);
  } finally {
    clients.ecs.destroy();
    clients.logs.destroy();
  }
}

/** Starts the migration unless one is running, and waits for its end. */
export async function runMigration(
  request: MigrationRequest,
  { ecs, logs }: MigrationClients,
  { report, signal }: MigrationWait,
): Promise<MigrationOutcome> {
  const { cluster, taskDefinition } = request;
  const [other] = await listTasks(ecs, { cluster, family: familyOf(taskDefinition) }, { abortSignal: signal });
  if (other !== undefined) {
    return { failure: alreadyRunning(request, other) };
  }
  const arn = await startTask(ecs, request);
  report(`The migration has started: ${arn}`);
  const started = Date.now();
  for (;;) {
    const task = await stoppedTask(ecs, cluster, arn, REPORT_SECONDS, { abortSignal: signal });
    if (task?.lastStatus === "STOPPED") {
      return ended(task, await lastLines({ ecs, logs }, taskDefinition, arn));
    }
    const elapsed = formatDuration(Date.now() - started);
    report(`The migration's task is ${task?.lastStatus ?? "UNKNOWN"}, ${elapsed} after its start.`);
  }
}

/**
 * Starts the task and returns its ARN.
 *
 * @throws AwsCallFailed; Error with ECS's reason when it has no capacity for the task.
 */
async function startTask(
  ecs: ECSClient,
  { cluster, taskDefinition, subnets, securityGroup }: MigrationRequest,
): Promise<string> {
  const request = new RunTaskCommand({
    ...{ cluster, taskDefinition, launchType: "FARGATE", propagateTags: "TASK_DEFINITION" },
    networkConfiguration: {
      awsvpcConfiguration: { subnets: [...subnets], securityGroups: [securityGroup], assignPublicIp: "DISABLED" },
    },
  });
  const { tasks, failures } = await callAws("ecs:RunTask", () => ecs.send(request));
  const arn = tasks?.[0]?.taskArn;
  if (arn === undefined) {
    throw new Error(`ECS did not start the migration: ${failures?.[0]?.reason ?? "it gave no reason"}`);
  }
  return arn;
}

/** The last lines of a task's log; none when it wrote none. */
async function lastLines(
  { ecs, logs }: MigrationClients,
  taskDefinition: string,
  task: string,
): Promise<readonly string[]> {
  const container = await applicationContainer(ecs, taskDefinition);
  const { "awslogs-group": logGroupName, "awslogs-stream-prefix": prefix } = container?.logConfiguration?.options ?? {};
  // The awslogs driver names a stream prefix/container/task ID (Amazon ECS developer guide, "awslogs-stream-prefix").
  const logStreamName = [prefix, container?.name, task.split("/").at(-1)].join("/");
  const request = new GetLogEventsCommand({ logGroupName, logStreamName, limit: SHOWN_LINES, startFromHead: false });
  try {
    const { events = [] } = await logs.send(request);
    return events.map(({ message = "" }) => message);
  } catch (error) {
    if (error instanceof Error && error.name === "ResourceNotFoundException") {
      return [];
    }
    throw error;
  }
}

function alreadyRunning({ cluster, region }: MigrationRequest, task: string): string {
  return [
    `A migration is running already: ${task}. Two at a time could damage the database. Wait for its end, or stop it:`,
    `  aws ecs stop-task --cluster ${cluster} --task ${task} --region ${region}`,
  ].join("\n");
}

function ended({ containers: [container] = [], stoppedReason }: Task, lines: readonly string[]): MigrationOutcome {
  const { exitCode, reason = stoppedReason } = container ?? {};
  if (exitCode === 0) {
    return { lines };
  }
  const how = exitCode === undefined ? "did not start" : `ended with exit code ${exitCode}`;
  const why = reason === undefined ? "" : ` (${reason})`;
  const log = lines.length === 0 ? "It wrote nothing to its log." : "Its last lines:";
  return { failure: [`The migration ${how}${why}. ${log}`, ...lines.map((line) => `  ${line}`)].join("\n") };
}
