/**
 * Everything that is read from ECS. All functions throw AwsCallFailed. Import this file when it is needed, because it loads
 * the SDK. Tasks and container definitions have environment variables: use single fields of them, and never print a whole one.
 */
import {
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  ListServiceDeploymentsCommand,
  ListServicesCommand,
  paginateListTaskDefinitions,
  paginateListTasks,
  waitUntilTasksStopped,
  type ContainerDefinition,
  type ECSClient,
  type ListTasksCommandInput,
  type Service,
  type ServiceDeploymentBrief,
  type Task,
} from "@aws-sdk/client-ecs";
import { familyOf, revisionOf } from "@proliferate-infra/shared/aws/task-definition-name";
import { applicationContainerNames } from "@proliferate-infra/shared/services";
import { callAws } from "./call.ts";

/** How to make a call. */
export interface CallOptions {
  /** Ends it. */
  readonly abortSignal?: AbortSignal;
}

/** Most services that one ListServices returns by default, and that one DescribeServices takes: more than an environment has. */
const MAX_SERVICES = 10;

/** Most tasks that one DescribeTasks takes. */
const MAX_TASKS = 100;

/** Time between two looks at a task, in seconds. */
const TASK_POLL_SECONDS = 2;

/** ARNs of the services of a cluster. */
export async function listServices(ecs: ECSClient, cluster: string): Promise<readonly string[]> {
  const request = new ListServicesCommand({ cluster, maxResults: MAX_SERVICES });
  const { serviceArns = [] } = await callAws("ecs:ListServices", () => ecs.send(request));
  return serviceArns;
}

/** Those of the services, by name or ARN, that the cluster has. Names one service at least and ten at most. */
export async function describeServices(
  ecs: ECSClient,
  cluster: string,
  services: readonly string[],
  options: CallOptions = {},
): Promise<readonly Service[]> {
  const request = new DescribeServicesCommand({ cluster, services: [...services] });
  const found = await callAws("ecs:DescribeServices", () => ecs.send(request, options));
  return found.services ?? [];
}

/** All deployments of a service that ECS remembers, also those that were rolled back. AWS does not define their order. */
export async function listServiceDeployments(
  ecs: ECSClient,
  { clusterArn: cluster, serviceArn: service }: Service,
  options: CallOptions,
): Promise<readonly ServiceDeploymentBrief[]> {
  const listed: ServiceDeploymentBrief[] = [];
  let nextToken: string | undefined;
  // The SDK has no paginator for this call.
  do {
    const request = new ListServiceDeploymentsCommand({ cluster, service, nextToken, maxResults: 100 });
    const page = await callAws("ecs:ListServiceDeployments", () => ecs.send(request, options));
    listed.push(...(page.serviceDeployments ?? []));
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return listed;
}

/**
 * ARN of the newest active revision of a family; undefined when all are deregistered. DescribeTaskDefinition would return it
 * too, but with all the environment variables.
 */
export async function newestRevision(
  ecs: ECSClient,
  family: string,
  options: CallOptions,
): Promise<string | undefined> {
  const request = { familyPrefix: family, status: "ACTIVE", sort: "DESC" } as const;
  const pages = paginateListTaskDefinitions({ client: ecs }, request, options);
  return callAws("ecs:ListTaskDefinitions", async () => {
    // The first page with one has the newest. A page may have none: the prefix also matches the families `<family>-...`.
    for await (const { taskDefinitionArns = [] } of pages) {
      const own = taskDefinitionArns.filter((arn) => familyOf(arn) === family);
      if (own.length > 0) {
        return own.sort((one, other) => revisionOf(other) - revisionOf(one))[0];
      }
    }
    return undefined;
  });
}

/** The application's container of a task definition; others in it are sidecars. */
export async function applicationContainer(
  ecs: ECSClient,
  taskDefinition: string | undefined,
): Promise<ContainerDefinition | undefined> {
  const request = new DescribeTaskDefinitionCommand({ taskDefinition });
  const described = await callAws("ecs:DescribeTaskDefinition", () => ecs.send(request));
  const { containerDefinitions = [] } = described.taskDefinition ?? {};
  return containerDefinitions.find(({ name = "" }) => applicationContainerNames.includes(name));
}

/** ARNs of the tasks that match. Without `desiredStatus` those that run or are about to. */
export async function listTasks(
  ecs: ECSClient,
  request: ListTasksCommandInput,
  options: CallOptions,
): Promise<readonly string[]> {
  const arns: string[] = [];
  await callAws("ecs:ListTasks", async () => {
    for await (const { taskArns = [] } of paginateListTasks({ client: ecs }, request, options)) {
      arns.push(...taskArns);
    }
  });
  return arns;
}

/** The tasks with these ARNs that ECS still knows: it forgets a stopped one after about an hour. */
export async function describeTasks(
  ecs: ECSClient,
  cluster: string,
  arns: readonly string[],
  options: CallOptions,
): Promise<readonly Task[]> {
  const calls = Array.from({ length: Math.ceil(arns.length / MAX_TASKS) }, (_, index) => {
    const request = new DescribeTasksCommand({
      cluster,
      tasks: arns.slice(index * MAX_TASKS, (index + 1) * MAX_TASKS),
    });
    return callAws("ecs:DescribeTasks", () => ecs.send(request, options));
  });
  return (await Promise.all(calls)).flatMap(({ tasks = [] }) => tasks);
}

/**
 * A task as soon as it has stopped, or as it is after `seconds`; undefined when ECS does not know it. The SDK's waiter
 * retries every error until then, which bridges short failures of AWS; one that lasts is thrown.
 */
export async function stoppedTask(
  ecs: ECSClient,
  cluster: string,
  arn: string,
  seconds: number,
  options: CallOptions,
): Promise<Task | undefined> {
  const delays = { minDelay: TASK_POLL_SECONDS, maxDelay: TASK_POLL_SECONDS, maxWaitTime: seconds };
  try {
    await waitUntilTasksStopped({ client: ecs, ...delays, ...options }, { cluster, tasks: [arn] });
  } catch (error) {
    if (!(error instanceof Error && error.name === "TimeoutError")) {
      throw error;
    }
  }
  const [task] = await describeTasks(ecs, cluster, [arn], options);
  return task;
}
