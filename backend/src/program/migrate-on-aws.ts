/** A migration on AWS: its task in ECS, its lines in CloudWatch. Import it when it is needed, for it loads the SDK. */
import { setTimeout } from "node:timers/promises";
import { CloudWatchLogsClient, GetLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import {
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  ECSClient,
  ListTasksCommand,
  RunTaskCommand,
} from "@aws-sdk/client-ecs";
import { familyOf } from "@proliferate-infra/shared/aws/task-definition-name";
import { runMigration, type MigrationOutcome, type MigrationPort, type MigrationRequest } from "./run-migration.ts";

/** Lines of the log that are shown. */
const SHOWN_LINES = 30;

/** Migrates; `signal` ends the wait, not the task. */
export async function migrateOnAws(
  request: MigrationRequest,
  tell: (line: string) => void,
  signal: AbortSignal,
): Promise<MigrationOutcome> {
  const { region } = request;
  const ecs = new ECSClient({ region });
  const logs = new CloudWatchLogsClient({ region });
  const sleep = (milliseconds: number) => setTimeout(milliseconds, undefined, { signal });
  try {
    return await runMigration(request, migrationPort(ecs, logs), { clock: () => performance.now(), sleep, tell });
  } finally {
    ecs.destroy();
    logs.destroy();
  }
}

/** The port to these clients' account and region. */
function migrationPort(ecs: ECSClient, logs: CloudWatchLogsClient): MigrationPort {
  return {
    running: async ({ cluster, taskDefinition }) => {
      // Tasks that are about to start have the desired status RUNNING too.
      const { taskArns = [] } = await ecs.send(new ListTasksCommand({ cluster, family: familyOf(taskDefinition) }));
      return taskArns;
    },
    start: async ({ cluster, taskDefinition, subnets, securityGroup }) => {
      const { tasks, failures } = await ecs.send(
        new RunTaskCommand({
          ...{ cluster, taskDefinition, launchType: "FARGATE", propagateTags: "TASK_DEFINITION" },
          networkConfiguration: {
            awsvpcConfiguration: {
              subnets: [...subnets],
              securityGroups: [securityGroup],
              assignPublicIp: "DISABLED",
            },
          },
        }),
      );
      const task = tasks?.[0]?.taskArn;
      if (task === undefined) {
        throw new Error(`ECS did not start the migration: ${failures?.[0]?.reason ?? "it gave no reason"}`);
      }
      return task;
    },
    taskStatus: async ({ cluster }, task) => {
      const { tasks } = await ecs.send(new DescribeTasksCommand({ cluster, tasks: [task] }));
      const { lastStatus, stoppedReason, containers } = tasks?.[0] ?? {};
      const [container] = containers ?? [];
      const reason = container?.reason ?? stoppedReason;
      return { status: lastStatus ?? "UNKNOWN", exitCode: container?.exitCode, reason };
    },
    lastLines: async ({ taskDefinition }, task) => {
      const described = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition }));
      const [container] = described.taskDefinition?.containerDefinitions ?? [];
      const { "awslogs-group": logGroupName, "awslogs-stream-prefix": prefix } =
        container?.logConfiguration?.options ?? {};
      const logStreamName = [prefix, container?.name, task.split("/").at(-1)].join("/");
      try {
        const { events = [] } = await logs.send(
          new GetLogEventsCommand({ logGroupName, logStreamName, limit: SHOWN_LINES, startFromHead: false }),
        );
        return events.map(({ message = "" }) => message);
      } catch (error) {
        if (error instanceof Error && error.name === "ResourceNotFoundException") {
          return [];
        }
        throw error;
      }
    },
  };
}
