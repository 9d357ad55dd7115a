/** The services layer: cluster, repositories, roles, logs, load balancers and the services themselves. */
import * as pulumi from "@pulumi/pulumi";
import type { ProducedServicesOutputs } from "@proliferate-infra/shared/contracts/services-outputs";
import type { LayerScope } from "@proliferate-infra/shared/program/layer";
import { upstreamsDeployed } from "@proliferate-infra/shared/program/upstream-reader";
import type { ServiceKey } from "@proliferate-infra/shared/services";
import { describeTakenNames } from "@proliferate-infra/shared/settings/fault";
import type { LayerSettings } from "@proliferate-infra/shared/settings/pulumi-settings";
import { previousImage } from "./container-repositories.ts";
import { createCluster } from "./cluster.ts";
import { createAliasRecord } from "./domain.ts";
import { applicationEnvironment, llmProxyEnvironment, takenNames } from "./environment-variables.ts";
import { FargateService } from "./fargate-service.ts";
import { createMigration, type Migration } from "./migration-task.ts";
import { createdBucketOf } from "./object-store.ts";
import { createDashboard } from "./observability.ts";
import { serviceDefinitions } from "./service-definitions.ts";
import { plainRedisUrl } from "./service-inputs.ts";
import { preparePublicService, prepareService, type PublicService, type Service } from "./service.ts";
import { createTaskRoles, type TaskRoles } from "./task-roles.ts";

/** Creates cluster, repositories, roles, load balancers and services. */
export function createServicesLayer(scope: LayerScope<"services">): ProducedServicesOutputs {
  const { settings } = scope;
  refuseTakenNames(settings);
  const definitions = serviceDefinitions(settings);
  // These come first, so that nothing is registered when a layer before does not have them.
  const bucket = createdBucketOf(scope);
  const llmProxy = definitions.llmProxy && preparePublicService(scope, definitions.llmProxy);
  const gateway = preparePublicService(scope, definitions.gateway);
  const worker = prepareService(scope, definitions.worker);
  const services = [gateway, ...(llmProxy === undefined ? [] : [llmProxy]), worker];
  const urls = { gateway: publicUrl(settings, gateway), llmProxy: llmProxy && publicUrl(settings, llmProxy) };
  const parts = { cluster: createCluster(scope), roles: createTaskRoles(scope, services, bucket) };
  const clusterName = parts.cluster.cluster.name;
  createDashboard(scope, services, clusterName);
  const environmentOf = (service: Service) => plainVariables(scope, service, { ...urls, bucket: bucket?.name });
  const migration = createMigration(scope, gateway, environmentOf(gateway), parts);
  const deployed = upstreamsDeployed("services");
  const run = (service: Service, before?: Migration) =>
    new FargateService(scope, service, {
      ...{ ...parts, environment: environmentOf(service), migration: before, upstreamsDeployed: deployed },
    });
  const runPublic = (service: PublicService, before?: Migration) => {
    const tasks = run(service, before);
    createAliasRecord(scope, service.definition, service.loadBalancer, tasks);
    return tasks.serviceName;
  };
  return {
    gatewayUrl: urls.gateway,
    gatewayRepositoryUrl: gateway.repository.repositoryUrl,
    workerRepositoryUrl: worker.repository.repositoryUrl,
    clusterName,
    gatewayServiceName: runPublic(gateway, migration),
    workerServiceName: run(worker, migration).serviceName,
    servicesWithoutImage: services
      .filter(({ definition }) => definition.imageTag === undefined)
      .map(({ definition }) => definition.key),
    ...imageTags(scope, services),
    ...taskRoleArns(parts.roles),
    ...(migration && { migrationTaskDefinitionArn: migration.taskDefinition.arn }),
    ...(llmProxy && {
      llmProxyUrl: urls.llmProxy,
      llmProxyRepositoryUrl: llmProxy.repository.repositoryUrl,
      // It migrates a database of its own when it starts.
      llmProxyServiceName: runPublic(llmProxy),
    }),
  };
}

/** Plain variables of a service. */
function plainVariables(
  { settings, upstream }: LayerScope<"services">,
  { definition, inputs }: Service,
  created: { readonly gateway: pulumi.Output<string> } & Readonly<
    Record<"llmProxy" | "bucket", pulumi.Output<string> | undefined>
  >,
): pulumi.Output<Record<string, string>> {
  const { key } = definition;
  if (key === "llmProxy") {
    return pulumi.output(llmProxyEnvironment(settings));
  }
  const facts = pulumi.output({
    gatewayUrl: created.gateway,
    llmProxyUrl: created.llmProxy,
    createdBucket: created.bucket,
    redisUrl: plainRedisUrl(upstream.data, inputs.secretKeys),
  });
  return facts.apply((resolved) => applicationEnvironment(settings, key, resolved));
}

/** Stops before the first resource when the operator sets a variable that the layer sets itself. */
function refuseTakenNames(settings: LayerSettings<"services">): void {
  const faults = takenNames(settings).map(([key, names]) =>
    describeTakenNames({ layer: "services", stack: settings.stack }, key, false, names),
  );
  if (faults.length > 0) {
    throw new pulumi.RunError(faults.join("\n"));
  }
}

type ImageOutputs = Pick<ProducedServicesOutputs, `${ServiceKey}ImageTag` | `${ServiceKey}PreviousImageTag`>;

/** Outputs that say which images the services were deployed with, and which before. */
function imageTags({ deployed }: LayerScope<"services">, services: readonly Service[]): ImageOutputs {
  const tags = services.flatMap(({ definition: { key, imageTag } }) => [
    [`${key}ImageTag`, imageTag],
    [`${key}PreviousImageTag`, previousImage(deployed, key, imageTag)],
  ]);
  return Object.fromEntries(tags.filter(([, image]) => image !== undefined)) as ImageOutputs;
}

/** Outputs with the role of each service's programs. */
function taskRoleArns({
  taskRoleArns: byService,
}: TaskRoles): Pick<ProducedServicesOutputs, `${ServiceKey}TaskRoleArn`> {
  return Object.fromEntries([...byService].map(([key, arn]) => [`${key}TaskRoleArn`, arn]));
}

/** URL as configured, else at the service's domain or the load balancer's own name. */
function publicUrl(settings: LayerSettings<"services">, { definition, loadBalancer }: PublicService) {
  return pulumi.output(settings[`${definition.key}PublicUrl`] ?? loadBalancer.url);
}
