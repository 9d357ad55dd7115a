/** What runs now, service by service, as ECS tells. Import it when it is needed, for it loads the SDK. */
import { DescribeServicesCommand, DescribeTaskDefinitionCommand, ECSClient } from "@aws-sdk/client-ecs";
import type { Environment } from "../environment/environment.ts";
import { verifyPlan } from "../verify/verify-plan.ts";

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

/** The services that the outputs of services name, with what ECS runs for each; those without an image are left out. */
export async function runningServices(
  outputs: Readonly<Record<string, unknown>>,
  { stack, facts }: Pick<Environment, "stack" | "facts">,
): Promise<readonly RunningService[]> {
  const { cluster, services } = verifyPlan(outputs, stack);
  const ecs = new ECSClient(facts?.region === undefined ? {} : { region: facts.region });
  try {
    if (services.length === 0) {
      return [];
    }
    const described = await ecs.send(new DescribeServicesCommand({ cluster, services: [...services] }));
    return await Promise.all(
      (described.services ?? []).map(async ({ serviceName, taskDefinition, runningCount, desiredCount }) => ({
        name: serviceName ?? "",
        image: await imageOf(ecs, taskDefinition),
        taskDefinition: taskDefinition?.split("/").at(-1) ?? "no task definition",
        running: runningCount ?? 0,
        desired: desiredCount ?? 0,
      })),
    );
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
