/** The services layer: cluster, repositories, roles, logs, load balancers and the services themselves. */
import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { ProducedServicesOutputs } from "@proliferate-infra/shared/contracts/services-outputs";
import type { LayerScope } from "@proliferate-infra/shared/program/layer";
import { upstreamsDeployed } from "@proliferate-infra/shared/program/upstream-reader";
import { setCommand } from "@proliferate-infra/shared/settings/fault";
import type { LayerSettings } from "@proliferate-infra/shared/settings/pulumi-settings";
import { createCluster, type Cluster } from "./cluster.ts";
import { createRepository } from "./container-repositories.ts";
import { commonEnvironment, takenNames } from "./environment-variables.ts";
import { FargateService } from "./fargate-service.ts";
import { PublicLoadBalancer } from "./load-balancer.ts";
import { createLogGroup } from "./log-groups.ts";
import { createDashboard, watchService } from "./observability.ts";
import { serviceDefinitions, type ServiceDefinition } from "./service-definitions.ts";
import {
  dataMetrics,
  gatewayInputs,
  llmProxyInputs,
  plainRedisUrl,
  workerInputs,
  type PublicServiceInputs,
  type ServiceInputs,
} from "./service-inputs.ts";
import { createMigration, type Migration } from "./migration-task.ts";
import { createTaskRoles, type TaskRoles } from "./task-roles.ts";

type Settings = LayerSettings<"services">;
type Scope = LayerScope<"services">;

/** A service and what must exist before its tasks. */
interface PreparedService {
  readonly definition: ServiceDefinition;
  readonly inputs: ServiceInputs;
  readonly repository: aws.ecr.Repository;
  readonly logGroup: aws.cloudwatch.LogGroup;
  readonly loadBalancer: PublicLoadBalancer | undefined;
}

interface PublicService extends PreparedService {
  readonly loadBalancer: PublicLoadBalancer;
}

/** URLs that people and services use. */
interface PublicUrls {
  readonly gateway: pulumi.Output<string>;
  /** Undefined without the proxy. */
  readonly llmProxy: pulumi.Output<string> | undefined;
}

type ImageTags = Pick<ProducedServicesOutputs, `${ServiceDefinition["key"]}ImageTag`>;

/** What all tasks share. */
interface TaskParts {
  readonly cluster: Cluster;
  readonly roles: TaskRoles;
  readonly urls: PublicUrls;
}

/** What all services share. */
interface SharedParts extends TaskParts {
  /** Resolved when the layers before are completely deployed: tasks need routes and rules that are no output. */
  readonly upstreamsDeployed: Promise<void>;
  /** Undefined without a command, or an image to run it in. */
  readonly migration: Migration | undefined;
}

/** Creates cluster, roles, load balancers and services. */
export function createServicesLayer(scope: LayerScope<"services">): ProducedServicesOutputs {
  const { settings, upstream } = scope;
  refuseTakenNames(settings);
  const definitions = serviceDefinitions(settings);
  // The llm-proxy comes first, so that nothing is registered when a layer before does not have it.
  const llmProxy = definitions.llmProxy && preparePublic(scope, definitions.llmProxy, llmProxyInputs(upstream));
  const gateway = preparePublic(scope, definitions.gateway, gatewayInputs(upstream));
  const worker = { ...prepare(scope, definitions.worker, workerInputs(upstream)), loadBalancer: undefined };
  const services = [gateway, ...(llmProxy === undefined ? [] : [llmProxy]), worker];
  const urls = publicUrls(settings, gateway, llmProxy);
  const parts = { cluster: createCluster(settings, scope.parent), roles: createRoles(scope, services), urls };
  const shared = {
    ...parts,
    upstreamsDeployed: upstreamsDeployed("services"),
    migration: migrationOf(scope, gateway, parts),
  };
  createDashboard(settings, services, parts.cluster.cluster.name, dataMetrics(upstream), scope.parent);
  return {
    gatewayUrl: urls.gateway,
    gatewayRepositoryUrl: gateway.repository.repositoryUrl,
    workerRepositoryUrl: worker.repository.repositoryUrl,
    clusterName: shared.cluster.cluster.name,
    gatewayServiceName: createService(scope, gateway, shared),
    workerServiceName: createService(scope, worker, shared),
    servicesWithoutImage: services
      .filter(({ definition }) => definition.imageTag === undefined)
      .map(({ definition }) => definition.key),
    ...imageTags(services),
    ...(shared.migration && { migrationTaskDefinitionArn: shared.migration.taskDefinition.arn }),
    ...(llmProxy && {
      llmProxyUrl: urls.llmProxy,
      llmProxyRepositoryUrl: llmProxy.repository.repositoryUrl,
      llmProxyServiceName: createService(scope, llmProxy, shared),
    }),
  };
}

function prepare(scope: Scope, definition: ServiceDefinition, inputs: ServiceInputs) {
  const { resourcePrefix, kmsKeyArn, protectResources: protect, logRetentionDays: retentionInDays } = scope.settings;
  const common = { resourcePrefix, kmsKeyArn, service: definition.name };
  return {
    definition,
    inputs,
    repository: createRepository({ ...common, protect }, scope.parent),
    logGroup: createLogGroup({ ...common, retentionInDays }, scope.parent),
  };
}

function preparePublic(scope: Scope, definition: ServiceDefinition, inputs: PublicServiceInputs): PublicService {
  const { vpcId, publicSubnetIds } = scope.upstream.network;
  const loadBalancer = new PublicLoadBalancer(
    `${definition.name}-load-balancer`,
    {
      resourcePrefix: scope.settings.resourcePrefix,
      service: definition,
      vpcId,
      publicSubnetIds,
      securityGroupId: inputs.albSecurityGroupId,
      idleTimeoutSeconds: scope.settings.albIdleTimeoutSeconds,
      protect: scope.settings.protectResources,
      accessLogsBucket: scope.settings.albAccessLogsBucket,
    },
    { parent: scope.parent },
  );
  return { ...prepare(scope, definition, inputs), loadBalancer };
}

function createRoles(scope: Scope, services: readonly PreparedService[]): TaskRoles {
  const { resourcePrefix, region, enableExecuteCommand, kmsKeyArn } = scope.settings;
  return createTaskRoles(
    {
      ...{ resourcePrefix, region, enableExecuteCommand, kmsKeyArn },
      repositoryArns: services.map(({ repository }) => repository.arn),
      secretArns: services.map(({ inputs }) => inputs.secretArn),
      logGroupArns: services.map(({ logGroup }) => logGroup.arn),
    },
    scope.parent,
  );
}

function migrationOf(
  scope: Scope,
  gateway: PreparedService,
  { cluster, roles, urls }: TaskParts,
): Migration | undefined {
  const { resourcePrefix, region, migrationCommand: command } = scope.settings;
  const { imageTag } = gateway.definition;
  if (command === undefined || imageTag === undefined) {
    return undefined;
  }
  return createMigration(
    {
      ...{ ...gateway, resourcePrefix, region, command, imageTag, roles },
      clusterName: cluster.cluster.name,
      privateSubnetIds: scope.upstream.network.privateSubnetIds,
      environment: environmentOf(scope, gateway, urls),
    },
    scope.parent,
  );
}

function createService(scope: Scope, prepared: PreparedService, shared: SharedParts): pulumi.Output<string> {
  const { cluster, roles, urls, migration } = shared;
  const { settings, upstream } = scope;
  const { serviceName } = new FargateService(
    prepared.definition.name,
    {
      ...prepared,
      settings,
      cluster,
      roles,
      privateSubnetIds: upstream.network.privateSubnetIds,
      upstreamsDeployed: shared.upstreamsDeployed,
      environment: environmentOf(scope, prepared, urls),
      alarms: watchService(settings, prepared, cluster.cluster.name, scope.parent),
      // The llm-proxy migrates a database of its own when it starts.
      migration: prepared.definition.key === "llmProxy" ? undefined : migration,
    },
    { parent: scope.parent },
  );
  return serviceName;
}

function environmentOf(scope: Scope, { definition, inputs }: PreparedService, urls: PublicUrls) {
  if (definition.key === "llmProxy") {
    return pulumi.output<Record<string, string>>({});
  }
  const facts = pulumi.output({
    gatewayUrl: urls.gateway,
    llmProxyUrl: urls.llmProxy,
    redisUrl: plainRedisUrl(scope.upstream.data, inputs.secretKeys),
  });
  return facts.apply((resolved) => commonEnvironment(scope.settings, resolved));
}

/** Stops before the first resource when `extraEnvironment` sets a variable that the layer sets itself. */
function refuseTakenNames(settings: Settings): void {
  const names = takenNames(settings);
  if (names.length > 0) {
    throw new pulumi.RunError(
      `extraEnvironment must not set ${names.join(", ")}: other settings of this layer do.\n` +
        `  ${setCommand({ layer: "services", stack: settings.stack }, "extraEnvironment", false)}`,
    );
  }
}

/** Outputs that say which images the services were deployed with. */
function imageTags(services: readonly PreparedService[]): ImageTags {
  const tags = services.flatMap(({ definition: { key, imageTag } }) =>
    imageTag === undefined ? [] : [[`${key}ImageTag`, imageTag]],
  );
  return Object.fromEntries(tags) as ImageTags;
}

/** URLs as configured, else at the services' domains or the load balancers' own names. */
function publicUrls(settings: Settings, gateway: PublicService, llmProxy: PublicService | undefined): PublicUrls {
  return {
    gateway: pulumi.output(settings.gatewayPublicUrl ?? gateway.loadBalancer.url),
    llmProxy: llmProxy && pulumi.output(settings.llmProxyPublicUrl ?? llmProxy.loadBalancer.url),
  };
}
