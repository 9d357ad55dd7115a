/** The one-off task that migrates the database: the gateway's image with a command of its own. Nothing starts it by itself. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import {
  imageReference,
  renderContainerDefinitions,
  secretReference,
  temporaryVolume,
} from "@proliferate-infra/shared/aws/container-definitions";
import { physicalName } from "@proliferate-infra/shared/aws/resource-names";
import { fargateTask } from "./fargate-task.ts";
import { migrationHooks } from "./migration-hooks.ts";
import type { ServiceDefinition } from "./service-definitions.ts";
import type { ServiceInputs } from "./service-inputs.ts";
import type { TaskRoles } from "./task-roles.ts";

/** Name of its container, and the end of its family's name. */
const MIGRATION = "migration";

/** The only secret that it gets. */
const DATABASE_URL = "DATABASE_URL";

/** Inputs of the task; what is not said to be its own is the gateway's. */
export interface MigrationArgs {
  readonly resourcePrefix: string;
  readonly region: string;
  /** Its own: program and arguments. */
  readonly command: readonly string[];
  readonly imageTag: string;
  readonly definition: ServiceDefinition;
  readonly inputs: ServiceInputs;
  readonly repository: aws.ecr.Repository;
  readonly logGroup: aws.cloudwatch.LogGroup;
  readonly roles: TaskRoles;
  readonly clusterName: pulumi.Input<string>;
  readonly privateSubnetIds: pulumi.Input<string[]>;
  /** Plain variables. */
  readonly environment: pulumi.Output<Record<string, string>>;
}

/** The task, and what runs it before a service changes. */
export interface Migration {
  readonly taskDefinition: aws.ecs.TaskDefinition;
  /** Undefined unless the rollout was asked to migrate. */
  readonly hooks: pulumi.ResourceHookBinding | undefined;
}

/** Creates the task definition, and the hooks that run it. */
export function createMigration(args: MigrationArgs, parent: pulumi.Resource): Migration {
  const { resourcePrefix, definition, roles, region } = args;
  const taskDefinition = new aws.ecs.TaskDefinition(
    `${MIGRATION}-task-definition`,
    {
      family: physicalName("taskFamily", resourcePrefix, MIGRATION),
      ...fargateTask(definition, roles),
      volumes: [{ name: temporaryVolume }],
      containerDefinitions: containerDefinitions(args),
    },
    // A task that starts needs the policies.
    { parent, dependsOn: [...roles.policies] },
  );
  const hooks = migrationHooks({
    cluster: args.clusterName,
    taskDefinition: taskDefinition.arn,
    subnets: args.privateSubnetIds,
    securityGroup: args.inputs.taskSecurityGroupId,
    region,
  });
  return { taskDefinition, hooks };
}

function containerDefinitions(args: MigrationArgs): pulumi.Output<string> {
  const { inputs, command, imageTag, region } = args;
  return pulumi
    .output({
      repositoryUrl: args.repository.repositoryUrl,
      environment: args.environment,
      secretArn: inputs.secretArn,
      secretVersionId: inputs.secretVersionId,
      group: args.logGroup.name,
    })
    .apply(({ repositoryUrl, environment, secretArn, secretVersionId, group }) =>
      renderContainerDefinitions([
        {
          name: MIGRATION,
          image: imageReference(repositoryUrl, imageTag),
          command,
          port: undefined,
          environment,
          secrets: { [DATABASE_URL]: secretReference(secretArn, DATABASE_URL, secretVersionId) },
          healthCheck: undefined,
          readonlyRootFilesystem: true,
          logs: { group, region },
          user: args.definition.user,
        },
      ]),
    );
}
