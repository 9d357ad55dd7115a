/** The one-off task that migrates the database: the gateway's image with a command of its own. Nothing starts it by itself. */
import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { LayerScope } from "@proliferate-infra/shared/program/layer";
import { MIGRATION } from "@proliferate-infra/shared/services";
import { createTaskDefinition, type TaskParts } from "./fargate-task.ts";
import { migrationHooks } from "./migration-hooks.ts";
import type { Service } from "./service.ts";

/** The task, and what runs it before a service changes. */
export interface Migration {
  readonly taskDefinition: aws.ecs.TaskDefinition;
  /** Undefined unless the rollout was asked to migrate. */
  readonly hooks: pulumi.ResourceHookBinding | undefined;
}

/** Creates the task definition, and the hooks that run it. Undefined without a command, or an image to run it in. */
export function createMigration(
  scope: LayerScope<"services">,
  gateway: Service,
  environment: pulumi.Output<Record<string, string>>,
  { cluster, roles }: TaskParts,
): Migration | undefined {
  const { settings, upstream, parent } = scope;
  const { migrationCommand: command, gatewayImageTag: image } = settings;
  if (command === undefined || image === undefined) {
    return undefined;
  }
  const taskDefinition = createTaskDefinition(
    scope,
    gateway,
    {
      ...{ name: MIGRATION, image, command, environment },
      port: undefined,
      healthCheck: undefined,
      secretKeys: ["DATABASE_URL"],
      sidecars: [],
      readonlyRootFilesystem: true,
    },
    roles,
    // A task that starts needs the policies.
    { parent, dependsOn: [...roles.policies] },
  );
  const hooks = migrationHooks({
    cluster: cluster.cluster.name,
    taskDefinition: taskDefinition.arn,
    subnets: upstream.network.privateSubnetIds,
    securityGroup: gateway.inputs.taskSecurityGroupId,
    region: settings.region,
  });
  return { taskDefinition, hooks };
}
