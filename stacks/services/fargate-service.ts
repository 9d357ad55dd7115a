/** One service on Fargate: its task definition and its tasks. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { alarmName } from "@proliferate-infra/shared/aws/alarms";
import type { LayerScope } from "@proliferate-infra/shared/program/layer";
import { createAutoscaling, scales } from "./autoscaling.ts";
import { capacityStrategy } from "./cluster.ts";
import { createTaskDefinition, type TaskParts } from "./fargate-task.ts";
import type { Migration } from "./migration-task.ts";
import { watchService } from "./observability.ts";
import { DEPLOYMENT_ALARMS } from "./service-alarms.ts";
import { healthCommand, type ServiceDefinition } from "./service-definitions.ts";
import type { Service } from "./service.ts";

/** Tag in the task definition of a service that waits for its first image. No image has it and no task is started. */
const NO_IMAGE_TAG = "none";

/** What tasks of a service need beside the service. */
export interface ServiceParts extends TaskParts {
  /** Plain variables. */
  readonly environment: pulumi.Output<Record<string, string>>;
  /** Awaited before tasks start: they need routes and rules of the layers before that are no output. */
  readonly upstreamsDeployed: Promise<void>;
  /** Comes before the service's change when the rollout was asked to migrate; undefined where there is none. */
  readonly migration: Migration | undefined;
}

/** A service, with alarms, and with autoscaling when its limits leave room. */
export class FargateService extends pulumi.ComponentResource {
  /** Name of the ECS service; fails when ECS went back to the task definition before. */
  readonly serviceName: pulumi.Output<string>;

  constructor(scope: LayerScope<"services">, service: Service, parts: ServiceParts) {
    const { definition, loadBalancer } = service;
    super("proliferate:services:FargateService", definition.name, {}, { parent: scope.parent });
    const clusterName = parts.cluster.cluster.name;
    const alarms = watchService(scope, service, clusterName);
    const taskDefinition = this.createTaskDefinition(scope, service, parts);
    const created = this.createService(scope, service, { ...parts, taskDefinition, alarms });
    if (scales(definition, scope.settings)) {
      const { settings } = scope;
      createAutoscaling({ settings, definition, loadBalancer, clusterName, serviceName: created.name }, this);
    }
    this.serviceName = pulumi
      .all([created.name, created.taskDefinition, taskDefinition.arn])
      .apply(([serviceName, running, wanted]) => nameUnlessRolledBack(serviceName, running, wanted));
    this.registerOutputs({ serviceName: this.serviceName });
  }

  private createTaskDefinition(
    scope: LayerScope<"services">,
    service: Service,
    { environment, roles }: ServiceParts,
  ): aws.ecs.TaskDefinition {
    const { definition, loadBalancer, inputs } = service;
    const { name, startPeriodSeconds, command, readonlyRootFilesystem, sidecars } = definition;
    const container = {
      ...{ name, environment, secretKeys: inputs.secretKeys, command, readonlyRootFilesystem, sidecars },
      image: definition.imageTag ?? NO_IMAGE_TAG,
      port: loadBalancer === undefined ? undefined : definition.port,
      healthCheck: { command: healthCommand(definition), startPeriodSeconds },
    };
    const { executionRoleArn, taskRoleArns, taskRoleArn } = roles;
    const own = { executionRoleArn, taskRoleArn: taskRoleArns.get(definition.key) ?? taskRoleArn };
    return createTaskDefinition(scope, service, container, own, { parent: this });
  }

  /**
   * Before its first image a service is a resource of its own with no tasks. With one resource for both, autoscaling's
   * `ignoreChanges` on the number of tasks would keep that first zero for ever.
   */
  private createService(
    { settings, upstream, name }: LayerScope<"services">,
    { definition, inputs, loadBalancer }: Service,
    {
      cluster,
      roles,
      migration,
      alarms,
      ...parts
    }: ServiceParts & {
      readonly taskDefinition: aws.ecs.TaskDefinition;
      readonly alarms: readonly aws.cloudwatch.MetricAlarm[];
    },
  ): aws.ecs.Service {
    const suffix = definition.imageTag === undefined ? ["idle"] : [];
    return new aws.ecs.Service(
      [definition.name, "service", ...suffix].join("-"),
      {
        name: name("service", definition.name, ...suffix),
        // Once there is all that tasks need.
        cluster: pulumi.all([cluster.cluster.arn, parts.upstreamsDeployed]).apply(([arn]) => arn),
        taskDefinition: parts.taskDefinition.arn,
        desiredCount: definition.imageTag === undefined ? 0 : definition.desiredCount,
        capacityProviderStrategies: [capacityStrategy],
        platformVersion: "LATEST",
        networkConfiguration: {
          subnets: upstream.network.privateSubnetIds,
          securityGroups: [inputs.taskSecurityGroupId],
          assignPublicIp: false,
        },
        deploymentMinimumHealthyPercent: 100,
        deploymentMaximumPercent: 200,
        deploymentCircuitBreaker: { enable: true, rollback: true },
        ...(alarms.length > 0 && loadBalancer !== undefined && { alarms: rollbackAlarms(settings, definition) }),
        propagateTags: "SERVICE",
        enableEcsManagedTags: true,
        enableExecuteCommand: settings.enableExecuteCommand,
        waitForSteadyState: true,
        ...loadBalancer?.serviceArgs,
      },
      {
        parent: this,
        // Also keeps the policies until the tasks have stopped; without them a service stays DRAINING.
        dependsOn: [
          ...[cluster.capacityProviders, ...roles.policies, ...alarms],
          ...(loadBalancer?.listeners ?? []),
          ...(migration === undefined ? [] : [migration.taskDefinition]),
        ],
        ...(migration?.hooks && { hooks: migration.hooks }),
        ignoreChanges: scales(definition, settings) ? ["desiredCount"] : [],
      },
    );
  }
}

/** Errors and unhealthy tasks while it deploys make ECS go back, also when the tasks themselves stay up. */
function rollbackAlarms({ resourcePrefix }: { readonly resourcePrefix: string }, { name }: ServiceDefinition) {
  const alarmNames = DEPLOYMENT_ALARMS.map((key) => alarmName({ resourcePrefix, name }, key));
  return { enable: true, rollback: true, alarmNames };
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
