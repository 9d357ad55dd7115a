/** The services layer: cluster, repositories, roles, logs, load balancers and the services themselves. */
import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { ProducedServicesOutputs } from "@proliferate-infra/shared/contracts/services-outputs";
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
  type ServicesUpstream,
} from "./service-inputs.ts";
import { createMigration, type Migration } from "./migration-task.ts";
import { createTaskRoles, type TaskRoles } from "./task-roles.ts";

type Settings = LayerSettings<"services">;

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
  /** Undefined without a command, or an image to run it in. */
  readonly migration: Migration | undefined;
}

/** Creates the layer below one root component and returns what it exports. */
export function createServicesLayer(
  settings: Settings,
  upstream: ServicesUpstream,
  options: pulumi.ComponentResourceOptions,
): ProducedServicesOutputs {
  return new ServicesLayer(settings, upstream, options).outputs;
}

class ServicesLayer extends pulumi.ComponentResource {
  readonly outputs: ProducedServicesOutputs;
  private readonly settings: Settings;
  private readonly upstream: ServicesUpstream;

  constructor(settings: Settings, upstream: ServicesUpstream, options: pulumi.ComponentResourceOptions) {
    super("proliferate:services:ServicesLayer", "services", {}, options);
    refuseTakenNames(settings);
    this.settings = settings;
    this.upstream = upstream;
    const definitions = serviceDefinitions(settings);
    // The llm-proxy comes first, so that nothing is registered when a layer before does not have it.
    const llmProxy = definitions.llmProxy && this.preparePublic(definitions.llmProxy, llmProxyInputs(upstream));
    const gateway = this.preparePublic(definitions.gateway, gatewayInputs(upstream));
    const worker = { ...this.prepare(definitions.worker, workerInputs(upstream)), loadBalancer: undefined };
    const services = [gateway, ...(llmProxy === undefined ? [] : [llmProxy]), worker];
    const urls = publicUrls(settings, gateway, llmProxy);
    const parts = { cluster: createCluster(settings, this), roles: this.createRoles(services), urls };
    const shared = { ...parts, migration: this.createMigration(gateway, parts) };
    createDashboard(settings, services, parts.cluster.cluster.name, dataMetrics(upstream), this);
    this.outputs = {
      gatewayUrl: urls.gateway,
      gatewayRepositoryUrl: gateway.repository.repositoryUrl,
      workerRepositoryUrl: worker.repository.repositoryUrl,
      clusterName: shared.cluster.cluster.name,
      gatewayServiceName: this.createService(gateway, shared),
      workerServiceName: this.createService(worker, shared),
      servicesWithoutImage: services
        .filter(({ definition }) => definition.imageTag === undefined)
        .map(({ definition }) => definition.key),
      ...imageTags(services),
      ...(shared.migration && { migrationTaskDefinitionArn: shared.migration.taskDefinition.arn }),
      ...(llmProxy && {
        llmProxyUrl: urls.llmProxy,
        llmProxyRepositoryUrl: llmProxy.repository.repositoryUrl,
        llmProxyServiceName: this.createService(llmProxy, shared),
      }),
    };
    this.registerOutputs(this.outputs);
  }

  private prepare(definition: ServiceDefinition, inputs: ServiceInputs) {
    const { resourcePrefix, kmsKeyArn, protectResources: protect, logRetentionDays: retentionInDays } = this.settings;
    const common = { resourcePrefix, kmsKeyArn, service: definition.name };
    return {
      definition,
      inputs,
      repository: createRepository({ ...common, protect }, this),
      logGroup: createLogGroup({ ...common, retentionInDays }, this),
    };
  }

  private preparePublic(definition: ServiceDefinition, inputs: PublicServiceInputs): PublicService {
    const { vpcId, publicSubnetIds } = this.upstream.network;
    const loadBalancer = new PublicLoadBalancer(
      `${definition.name}-load-balancer`,
      {
        resourcePrefix: this.settings.resourcePrefix,
        service: definition,
        vpcId,
        publicSubnetIds,
        securityGroupId: inputs.albSecurityGroupId,
        idleTimeoutSeconds: this.settings.albIdleTimeoutSeconds,
        protect: this.settings.protectResources,
        accessLogsBucket: this.settings.albAccessLogsBucket,
      },
      { parent: this },
    );
    return { ...this.prepare(definition, inputs), loadBalancer };
  }

  private createRoles(services: readonly PreparedService[]): TaskRoles {
    const { resourcePrefix, region, enableExecuteCommand, kmsKeyArn } = this.settings;
    return createTaskRoles(
      {
        ...{ resourcePrefix, region, enableExecuteCommand, kmsKeyArn },
        repositoryArns: services.map(({ repository }) => repository.arn),
        secretArns: services.map(({ inputs }) => inputs.secretArn),
        logGroupArns: services.map(({ logGroup }) => logGroup.arn),
      },
      this,
    );
  }

  private createMigration(gateway: PreparedService, { cluster, roles, urls }: TaskParts): Migration | undefined {
    const { resourcePrefix, region, migrationCommand: command } = this.settings;
    const { imageTag } = gateway.definition;
    if (command === undefined || imageTag === undefined) {
      return undefined;
    }
    return createMigration(
      {
        ...{ ...gateway, resourcePrefix, region, command, imageTag, roles },
        clusterName: cluster.cluster.name,
        privateSubnetIds: this.upstream.network.privateSubnetIds,
        environment: this.environmentOf(gateway, urls),
      },
      this,
    );
  }

  private createService(prepared: PreparedService, shared: SharedParts): pulumi.Output<string> {
    const { cluster, roles, urls, migration } = shared;
    const { settings } = this;
    const { serviceName } = new FargateService(
      prepared.definition.name,
      {
        ...prepared,
        settings,
        cluster,
        roles,
        privateSubnetIds: this.upstream.network.privateSubnetIds,
        upstreamsDeployed: this.upstream.deployed,
        environment: this.environmentOf(prepared, urls),
        alarms: watchService(settings, prepared, cluster.cluster.name, this),
        // The llm-proxy migrates a database of its own when it starts.
        migration: prepared.definition.key === "llmProxy" ? undefined : migration,
      },
      { parent: this },
    );
    return serviceName;
  }

  private environmentOf({ definition, inputs }: PreparedService, urls: PublicUrls) {
    if (definition.key === "llmProxy") {
      return pulumi.output<Record<string, string>>({});
    }
    const facts = pulumi.output({
      gatewayUrl: urls.gateway,
      llmProxyUrl: urls.llmProxy,
      redisUrl: plainRedisUrl(this.upstream.data, inputs.secretKeys),
    });
    return facts.apply((resolved) => commonEnvironment(this.settings, resolved));
  }
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
