/** Reads from ECS which tasks of a service stopped lately, without their environment variables. */
import { DescribeTasksCommand, paginateListTasks, type ECSClient, type Task } from "@aws-sdk/client-ecs";
import { answer } from "./facts-reader.ts";
import type { StoppedTask } from "./service-facts.ts";

/** Most tasks that one DescribeTasks takes. */
const TASKS_PER_CALL = 100;

/**
 * The stopped tasks that ECS still knows, in no order.
 *
 * @throws FactsUnavailable
 */
export async function stoppedTasks(
  client: ECSClient,
  cluster: string,
  serviceName: string,
  abortSignal: AbortSignal,
): Promise<readonly StoppedTask[]> {
  const request = { cluster, serviceName, desiredStatus: "STOPPED" } as const;
  const pages = paginateListTasks({ client }, request, { abortSignal });
  const arns: string[] = [];
  await answer("ecs:ListTasks", async () => {
    for await (const { taskArns = [] } of pages) {
      arns.push(...taskArns);
    }
  });
  const calls = Array.from({ length: Math.ceil(arns.length / TASKS_PER_CALL) }, (_, index) => {
    const tasks = arns.slice(index * TASKS_PER_CALL, (index + 1) * TASKS_PER_CALL);
    return answer("ecs:DescribeTasks", () =>
      client.send(new DescribeTasksCommand({ cluster, tasks }), { abortSignal }),
    );
  });
  return (await Promise.all(calls)).flatMap(({ tasks = [] }) => tasks.filter(hasStopped).map(stoppedTask));
}

/** A task that shall stop is listed before it has. */
function hasStopped({ stoppedAt, stoppedReason }: Task): boolean {
  return stoppedAt !== undefined || stoppedReason !== undefined;
}

function stoppedTask({ taskDefinitionArn, stoppedAt, stoppingAt, stoppedReason, containers = [] }: Task): StoppedTask {
  return {
    taskDefinition: taskDefinitionArn,
    stoppedAt: (stoppedAt ?? stoppingAt)?.getTime() ?? 0,
    stoppedReason,
    containers: containers.map(({ name, exitCode, reason }) => ({ name: name ?? "unnamed", exitCode, reason })),
  };
}
