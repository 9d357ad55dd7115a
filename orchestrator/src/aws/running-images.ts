/**
 * What runs now, service by service, as ECS describes it: after a deployment that failed, the layer's outputs are still those
 * of the one before. Import it when it is needed, because it loads the SDK.
 */
import { ECSClient, type Service } from "@aws-sdk/client-ecs";
import { withAwsClient } from "@proliferate-infra/backend/aws/client";
import { describeServices, applicationContainer, listServices } from "@proliferate-infra/backend/aws/ecs";
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

/**
 * The services of a cluster that have tasks or are about to, by name.
 *
 * @throws AwsCallFailed
 */
export async function runningServices(cluster: string, region: string | undefined): Promise<readonly RunningService[]> {
  return withAwsClient(ECSClient, { region }, async (ecs) => {
    const arns = await listServices(ecs, cluster);
    const services = arns.length > 0 ? await describeServices(ecs, cluster, arns) : [];
    const running = await Promise.all(services.map((service) => runningService(ecs, service)));
    return running
      .filter(({ running: tasks, desired }) => tasks + desired > 0)
      .sort((one, other) => (one.name < other.name ? -1 : 1));
  });
}

async function runningService(ecs: ECSClient, service: Service): Promise<RunningService> {
  const { serviceName: name = "", taskDefinition = "no task definition", runningCount, desiredCount } = service;
  const { image = "no image" } = (await applicationContainer(ecs, service.taskDefinition)) ?? {};
  return {
    name,
    image: image.split(image.includes("@") ? "@" : ":").at(-1) ?? image,
    taskDefinition: taskDefinitionName(taskDefinition),
    running: runningCount ?? 0,
    desired: desiredCount ?? 0,
  };
}
