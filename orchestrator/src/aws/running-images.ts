/**
 * What runs now, service by service, as ECS tells: after a deployment that failed, the layer's outputs are still those of
 * the one before. Import it when it is needed, for it loads the SDK.
 */
import {
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  ECSClient,
  ListServicesCommand,
} from "@aws-sdk/client-ecs";
import { taskDefinitionName } from "@proliferate-infra/shared/aws/task-definition-name";

/** A service as it runs. */
export interface RunningService {
  readonly name: string;
  /** Tag or digest of the image of the task definition that ECS runs. */
  readonly image: string;
  /** Family and revision, such as `proliferate-gateway:7`. */
  readonly taskDefinition: string;
  readonly running: number;
  readonly desired: number;
}

/** The services of a cluster that have tasks or shall have some, by name. */
export async function runningServices(cluster: string, region: string | undefined): Promise<readonly RunningService[]> {
  const ecs = new ECSClient(region === undefined ? {} : { region });
  try {
    // An environment has fewer services than the ten of one page.
    const { serviceArns: services = [] } = await ecs.send(new ListServicesCommand({ cluster }));
    if (services.length === 0) {
      return [];
    }
    const described = await ecs.send(new DescribeServicesCommand({ cluster, services }));
    const running = await Promise.all(
      (described.services ?? []).map(async ({ serviceName, taskDefinition, runningCount, desiredCount }) => ({
        name: serviceName ?? "",
        image: await imageOf(ecs, taskDefinition),
        taskDefinition: taskDefinition === undefined ? "no task definition" : taskDefinitionName(taskDefinition),
        running: runningCount ?? 0,
        desired: desiredCount ?? 0,
      })),
    );
    return running
      .filter(({ running: tasks, desired }) => tasks + desired > 0)
      .sort((one, other) => (one.name < other.name ? -1 : 1));
  } finally {
    ecs.destroy();
  }
}

/** Takes the image only: the rest of a task definition are environment variables. */
async function imageOf(ecs: ECSClient, taskDefinition: string | undefined): Promise<string> {
  const described = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition }));
  const image = described.taskDefinition?.containerDefinitions?.[0]?.image;
  return image?.split(image.includes("@") ? "@" : ":").at(-1) ?? "no image";
}
