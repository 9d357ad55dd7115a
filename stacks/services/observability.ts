/** What watches the services: alarms, the errors in their logs, and the environment's dashboard. */
import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { output } from "@pulumi/pulumi";
import { createAlarms } from "@proliferate-infra/shared/aws/alarms";
import { physicalName } from "@proliferate-infra/shared/aws/resource-names";
import type { LayerSettings } from "@proliferate-infra/shared/settings/pulumi-settings";
import { dashboardBody, type DashboardFacts } from "./dashboard-body.ts";
import type { PublicLoadBalancer } from "./load-balancer.ts";
import { countLoggedErrors, loggedErrorsMetric } from "./logged-errors.ts";
import { serviceAlarms, type ServiceMetrics } from "./service-alarms.ts";
import type { ServiceDefinition } from "./service-definitions.ts";

type Settings = LayerSettings<"services">;

/** A service that can be watched. */
export interface WatchedService {
  readonly definition: ServiceDefinition;
  readonly logGroup: aws.cloudwatch.LogGroup;
  readonly loadBalancer: PublicLoadBalancer | undefined;
}

/** How CloudWatch calls the service. By its name, not its resource: deployments name the alarms, which come before. */
function metricsOf(
  settings: Settings,
  { definition, loadBalancer }: WatchedService,
  clusterName: pulumi.Input<string>,
): ServiceMetrics {
  const { resourcePrefix, containerInsights } = settings;
  return {
    clusterName,
    serviceName: physicalName("service", resourcePrefix, definition.name),
    hasInsights: containerInsights !== "disabled",
    loggedErrors: loggedErrorsMetric(resourcePrefix, definition.name),
    loadBalancer: loadBalancer && { name: loadBalancer.metricName, targetGroup: loadBalancer.targetGroup.arnSuffix },
  };
}

/** Alarms of a service; none without a topic, or while it has no image. */
export function watchService(
  settings: Settings,
  service: WatchedService,
  clusterName: pulumi.Input<string>,
  parent: pulumi.Resource,
): readonly aws.cloudwatch.MetricAlarm[] {
  const { alarmTopicArn: topicArn, resourcePrefix } = settings;
  const { name, imageTag } = service.definition;
  if (topicArn === undefined || imageTag === undefined) {
    return [];
  }
  countLoggedErrors({ resourcePrefix, service: name, logGroup: service.logGroup }, parent);
  const definitions = serviceAlarms(metricsOf(settings, service, clusterName));
  return createAlarms({ resourcePrefix, name, topicArn }, definitions, parent);
}

/** What the dashboard shows beside the services. */
export type DataMetrics = Pick<DashboardFacts, "databaseInstanceId" | "redisNodeIds">;

/** The environment's dashboard; none where it is switched off. */
export function createDashboard(
  settings: Settings,
  services: readonly WatchedService[],
  clusterName: pulumi.Input<string>,
  data: { readonly [Key in keyof DataMetrics]: pulumi.Input<DataMetrics[Key]> },
  parent: pulumi.Resource,
): void {
  const { resourcePrefix, region, enableDashboard } = settings;
  if (!enableDashboard) {
    return;
  }
  const facts = output({
    ...{ ...data, region },
    services: services.map((service) => ({
      title: service.definition.name,
      metrics: output(metricsOf(settings, service, clusterName)),
    })),
  });
  new aws.cloudwatch.Dashboard(
    "dashboard",
    {
      dashboardName: resourcePrefix,
      dashboardBody: facts.apply((resolved) => JSON.stringify(dashboardBody(resolved))),
    },
    { parent },
  );
}
