/** Task definitions of this layer: one of each service, and one of the migration. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import {
  imageReference,
  renderContainerDefinitions,
  secretReference,
  temporaryVolume,
  type Container,
} from "@proliferate-infra/shared/aws/container-definitions";
import type { Sidecar } from "@proliferate-infra/shared/aws/sidecars";
import type { LayerScope } from "@proliferate-infra/shared/program/layer";
import type { Cluster } from "./cluster.ts";
import type { Service } from "./service.ts";
import type { TaskRoles } from "./task-roles.ts";

export interface TaskParts {
  readonly cluster: Cluster;
  readonly roles: TaskRoles;
}

/** A task's own container, as far as it is not its service's. */
export interface TaskContainer extends Pick<Container, "port" | "command" | "healthCheck" | "readonlyRootFilesystem"> {
  /** Also the end of the family's name. */
  readonly name: string;
  /** Tag or digest in the service's repository. */
  readonly image: string;
  /** Plain variables. */
  readonly environment: pulumi.Output<Record<string, string>>;
  /** Variables of the service's secret that it gets. */
  readonly secretKeys: pulumi.Input<string[]>;
  readonly sidecars: readonly Sidecar[];
}

/** Creates the task definition of a container of this service. */
export function createTaskDefinition(
  scope: LayerScope<"services">,
  service: Service,
  container: TaskContainer,
  roles: Pick<TaskRoles, "executionRoleArn" | "taskRoleArn">,
  options: pulumi.CustomResourceOptions,
): aws.ecs.TaskDefinition {
  const { cpu, memory, cpuArchitecture, ephemeralStorageGiB: sizeInGib } = service.definition;
  return new aws.ecs.TaskDefinition(
    `${container.name}-task-definition`,
    {
      family: scope.name("taskFamily", container.name),
      requiresCompatibilities: ["FARGATE"],
      networkMode: "awsvpc",
      runtimePlatform: { operatingSystemFamily: "LINUX", cpuArchitecture },
      cpu: String(cpu),
      memory: String(memory),
      ...(sizeInGib !== undefined && { ephemeralStorage: { sizeInGib } }),
      executionRoleArn: roles.executionRoleArn,
      taskRoleArn: roles.taskRoleArn,
      volumes: container.readonlyRootFilesystem ? [{ name: temporaryVolume }] : [],
      containerDefinitions: containerDefinitions(scope, service, container),
    },
    options,
  );
}

function containerDefinitions(
  { settings: { region } }: LayerScope<"services">,
  { definition, inputs, repository, logGroup }: Service,
  { image, environment, secretKeys, sidecars, ...container }: TaskContainer,
): pulumi.Output<string> {
  return pulumi
    .output({
      repositoryUrl: repository.repositoryUrl,
      environment,
      secretArn: inputs.secretArn,
      secretVersionId: inputs.secretVersionId,
      secretKeys,
      group: logGroup.name,
    })
    .apply(({ repositoryUrl, environment: variables, secretArn, secretVersionId, secretKeys: keys, group }) =>
      renderContainerDefinitions([
        {
          ...{ ...container, essential: true },
          image: imageReference(repositoryUrl, image),
          environment: variables,
          secrets: Object.fromEntries(keys.map((key) => [key, secretReference(secretArn, key, secretVersionId)])),
          logs: { group, region },
          user: definition.user,
        },
        ...sidecars.map((sidecar) => sidecarContainer(sidecar, { group, region })),
      ]),
    );
}

function sidecarContainer({ command, ...sidecar }: Sidecar, logs: Container["logs"]): Container {
  const none = { port: undefined, healthCheck: undefined, user: undefined };
  return { ...sidecar, ...none, command, secrets: {}, readonlyRootFilesystem: false, logs };
}
