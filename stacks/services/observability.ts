/** What watches the services: alarms, the errors in their logs, and the environment's dashboard. */
import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { output } from "@pulumi/pulumi";
import { createAlarms } from "@proliferate-infra/shared/aws/alarms";
import type { LayerScope } from "@proliferate-infra/shared/program/layer";
import { dashboardBody } from "./dashboard-body.ts";
import { countLoggedErrors, loggedErrorsMetric } from "./logged-errors.ts";
import { serviceAlarms, type ServiceMetrics } from "./service-alarms.ts";
import { dataMetrics } from "./service-inputs.ts";
import type { Service } from "./service.ts";

/** How CloudWatch calls the service. By its name, not its resource: deployments name the alarms, which come before. */
function metricsOf(
  { settings, name }: LayerScope<"services">,
  { definition, loadBalancer }: Service,
  clusterName: pulumi.Input<string>,
): ServiceMetrics {
  return {
    clusterName,
    serviceName: name("service", definition.name),
    hasInsights: settings.containerInsights !== "disabled",
    loggedErrors: loggedErrorsMetric(settings.resourcePrefix, definition.name),
    loadBalancer: loadBalancer && { name: loadBalancer.metricName, targetGroup: loadBalancer.targetGroup.arnSuffix },
  };
}

/** Alarms of a service; none without a topic, or while it has no image. */
export function watchService(
  scope: LayerScope<"services">,
  service: Service,
  clusterName: pulumi.Input<string>,
): readonly aws.cloudwatch.MetricAlarm[] {
  const { alarmTopicArn: topicArn, resourcePrefix } = scope.settings;
  const { name, imageTag } = service.definition;
  if (topicArn === undefined || imageTag === undefined) {
    return [];
  }
  countLoggedErrors(scope, name, service.logGroup);
  const definitions = serviceAlarms(metricsOf(scope, service, clusterName));
  return createAlarms({ resourcePrefix, name, topicArn }, definitions, scope.parent);
}

/** The environment's dashboard; none where it is switched off. */
export function createDashboard(
  scope: LayerScope<"services">,
  services: readonly Service[],
  clusterName: pulumi.Input<string>,
): void {
  const { settings, upstream, parent } = scope;
  if (!settings.enableDashboard) {
    return;
  }
  const facts = output({
    ...{ ...dataMetrics(upstream), region: settings.region },
    services: services.map((service) => ({
      title: service.definition.name,
      metrics: output(metricsOf(scope, service, clusterName)),
    })),
  });
  new aws.cloudwatch.Dashboard(
    "dashboard",
    {
      dashboardName: settings.resourcePrefix,
      dashboardBody: facts.apply((resolved) => JSON.stringify(dashboardBody(resolved))),
    },
    { parent },
  );
}
