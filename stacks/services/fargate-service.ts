/** One service on Fargate: its task definition and its tasks. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import {
  imageReference,
  renderContainerDefinitions,
  secretReference,
  temporaryVolume,
} from "@proliferate-infra/shared/aws/container-definitions";
import type { LayerSettings } from "@proliferate-infra/shared/settings/pulumi-settings";
import { physicalName } from "@proliferate-infra/shared/aws/resource-names";
import { alarmName } from "@proliferate-infra/shared/aws/alarms";
import { DEPLOYMENT_ALARMS } from "./service-alarms.ts";
import { createAutoscaling, scales } from "./autoscaling.ts";
import { capacityStrategy, type Cluster } from "./cluster.ts";
import type { Migration } from "./migration-task.ts";
import type { PublicLoadBalancer } from "./load-balancer.ts";
import { fargateTask } from "./fargate-task.ts";
import { healthCommand, type ServiceDefinition } from "./service-definitions.ts";
import type { ServiceInputs } from "./service-inputs.ts";
import type { TaskRoles } from "./task-roles.ts";

/** Tag in the task definition of a service that waits for its first image. No image has it and no task is started. */
const NO_IMAGE_TAG = "none";

/** How much longer than its start a task may fail the load balancer's health check, in seconds. */
const GRACE_BEYOND_START_SECONDS = 60;

/** Inputs of a service. */
export interface FargateServiceArgs {
  readonly settings: LayerSettings<"services">;
  readonly definition: ServiceDefinition;
  readonly inputs: ServiceInputs;
  readonly cluster: Cluster;
  readonly repository: aws.ecr.Repository;
  readonly logGroup: aws.cloudwatch.LogGroup;
  readonly roles: TaskRoles;
  readonly privateSubnetIds: pulumi.Input<string[]>;
  /** Awaited before tasks start. */
  readonly upstreamsDeployed: Promise<void>;
  /** Plain variables. */
  readonly environment: pulumi.Output<Record<string, string>>;
  /** Undefined for a service that nothing reaches. */
  readonly loadBalancer: PublicLoadBalancer | undefined;
  /** Alarms of the service; those that a bad deployment sets off end it. */
  readonly alarms: readonly aws.cloudwatch.MetricAlarm[];
  /** Comes before the service's change when the rollout was asked to migrate; undefined where there is none. */
  readonly migration: Migration | undefined;
}

/** A service, with autoscaling when its limits leave room. */
export class FargateService extends pulumi.ComponentResource {
  /** Name of the ECS service; fails when ECS went back to the task definition before. */
  readonly serviceName: pulumi.Output<string>;

  constructor(name: string, args: FargateServiceArgs, options: pulumi.ComponentResourceOptions) {
    super("proliferate:services:FargateService", name, {}, options);
    const taskDefinition = this.createTaskDefinition(args);
    const service = this.createService(args, taskDefinition);
    if (scales(args.definition, args.settings)) {
      createAutoscaling({ ...args, clusterName: args.cluster.cluster.name, serviceName: service.name }, this);
    }
    this.serviceName = pulumi
      .all([service.name, service.taskDefinition, taskDefinition.arn])
      .apply(([serviceName, running, wanted]) => nameUnlessRolledBack(serviceName, running, wanted));
    this.registerOutputs({ serviceName: this.serviceName });
  }

  private createTaskDefinition(args: FargateServiceArgs): aws.ecs.TaskDefinition {
    const { definition, roles } = args;
    const { resourcePrefix } = args.settings;
    return new aws.ecs.TaskDefinition(
      `${definition.name}-task-definition`,
      {
        family: physicalName("taskFamily", resourcePrefix, definition.name),
        ...fargateTask(definition, roles),
        volumes: hasReadonlyRoot(args) ? [{ name: temporaryVolume }] : [],
        containerDefinitions: containerDefinitions(args),
      },
      { parent: this },
    );
  }

  /**
   * Before its first image a service is a resource of its own with no tasks. With one resource for both, autoscaling's
   * `ignoreChanges` on the number of tasks would keep that first zero for ever.
   */
  private createService(args: FargateServiceArgs, taskDefinition: aws.ecs.TaskDefinition): aws.ecs.Service {
    const { settings, definition, cluster, loadBalancer, roles } = args;
    const suffix = definition.imageTag === undefined ? ["idle"] : [];
    return new aws.ecs.Service(
      [definition.name, "service", ...suffix].join("-"),
      {
        name: physicalName("service", settings.resourcePrefix, definition.name, ...suffix),
        cluster: afterUpstreams(args),
        taskDefinition: taskDefinition.arn,
        desiredCount: definition.imageTag === undefined ? 0 : definition.desiredCount,
        capacityProviderStrategies: [capacityStrategy],
        platformVersion: "LATEST",
        networkConfiguration: {
          subnets: args.privateSubnetIds,
          securityGroups: [args.inputs.taskSecurityGroupId],
          assignPublicIp: false,
        },
        deploymentMinimumHealthyPercent: 100,
        deploymentMaximumPercent: 200,
        deploymentCircuitBreaker: { enable: true, rollback: true },
        ...(args.alarms.length > 0 && loadBalancer !== undefined ? { alarms: rollbackAlarms(args) } : {}),
        propagateTags: "SERVICE",
        enableEcsManagedTags: true,
        enableExecuteCommand: settings.enableExecuteCommand,
        waitForSteadyState: true,
        ...(loadBalancer === undefined ? {} : behind(loadBalancer, definition)),
      },
      {
        parent: this,
        // Also keeps the policies until the tasks have stopped; without them a service stays DRAINING.
        dependsOn: [
          ...[cluster.capacityProviders, ...roles.policies, ...args.alarms],
          ...(loadBalancer?.listeners ?? []),
          ...(args.migration === undefined ? [] : [args.migration.taskDefinition]),
        ],
        ...(args.migration?.hooks && { hooks: args.migration.hooks }),
        ignoreChanges: scales(definition, settings) ? ["desiredCount"] : [],
      },
    );
  }
}

/** The cluster, once there is all that tasks need. */
function afterUpstreams({ cluster, upstreamsDeployed }: FargateServiceArgs): pulumi.Output<string> {
  return pulumi.all([cluster.cluster.arn, upstreamsDeployed]).apply(([arn]) => arn);
}

/** Errors and unhealthy tasks while it deploys make ECS go back, also when the tasks themselves stay up. */
function rollbackAlarms({ settings: { resourcePrefix }, definition }: FargateServiceArgs) {
  const alarmNames = DEPLOYMENT_ALARMS.map((key) => alarmName({ resourcePrefix, name: definition.name }, key));
  return { enable: true, rollback: true, alarmNames };
}

function behind({ targetGroup }: PublicLoadBalancer, { name, port, startPeriodSeconds }: ServiceDefinition) {
  return {
    loadBalancers: [{ targetGroupArn: targetGroup.arn, containerName: name, containerPort: port }],
    healthCheckGracePeriodSeconds: startPeriodSeconds + GRACE_BEYOND_START_SECONDS,
  };
}

/** ECS Exec writes its agent into the container. */
function hasReadonlyRoot({ definition, settings }: FargateServiceArgs): boolean {
  return definition.toleratesReadonlyRoot && !settings.enableExecuteCommand;
}

function containerDefinitions(args: FargateServiceArgs): pulumi.Output<string> {
  const { definition, inputs } = args;
  return pulumi
    .output({
      repositoryUrl: args.repository.repositoryUrl,
      environment: args.environment,
      secretArn: inputs.secretArn,
      secretVersionId: inputs.secretVersionId,
      secretKeys: inputs.secretKeys,
      logGroup: args.logGroup.name,
    })
    .apply(({ repositoryUrl, environment, secretArn, secretVersionId, secretKeys, logGroup }) =>
      renderContainerDefinitions([
        {
          name: definition.name,
          image: imageReference(repositoryUrl, definition.imageTag ?? NO_IMAGE_TAG),
          port: definition.isPublic ? definition.port : undefined,
          environment,
          secrets: Object.fromEntries(secretKeys.map((key) => [key, secretReference(secretArn, key, secretVersionId)])),
          healthCheck: {
            command: healthCommand(definition),
            startPeriodSeconds: definition.startPeriodSeconds,
          },
          command: undefined,
          readonlyRootFilesystem: hasReadonlyRoot(args),
          logs: { group: logGroup, region: args.settings.region },
          user: definition.user,
        },
      ]),
    );
}

/** ECS rolls a failing deployment back and calls it stable, so a green update alone proves nothing (pulumi-aws#4487). */
function nameUnlessRolledBack(serviceName: string, running: string | undefined, wanted: string): string {
  if (running !== wanted) {
    throw new pulumi.RunError(
      `ECS rolled the service ${serviceName} back: it runs ${running ?? "nothing"}, not ${wanted}. ` +
        `See why with: aws ecs describe-services --services ${serviceName}, and in its logs.`,
    );
  }
  return serviceName;
}
