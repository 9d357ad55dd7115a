/** The services layer under recording mocks, with what AWS alone knows filled in. */
import { createServicesLayer } from "proliferate-services/services-layer.ts";
import { recordLayer } from "@proliferate-infra/testing/recorded-layer";
import { type ComputedOutputs, type Recording } from "@proliferate-infra/testing/recording-mocks";
import type { SampleChanges } from "@proliferate-infra/testing/sample-configuration";
import { upstreamOutputs } from "@proliferate-infra/testing/upstream-outputs";

/** Changed outputs of the layers before; a key set to undefined is left out. */
export interface UpstreamChanges {
  readonly network?: Parameters<typeof upstreamOutputs<"network">>[1];
  readonly data?: Parameters<typeof upstreamOutputs<"data">>[1];
  readonly secrets?: Parameters<typeof upstreamOutputs<"secrets">>[1];
}

/** Outputs of the layers before when they were deployed without the llm-proxy. */
export const withoutLlmProxy: UpstreamChanges = {
  network: { llmProxyAlbSecurityGroupId: undefined, llmProxyTaskSecurityGroupId: undefined },
  secrets: { llmProxySecretArn: undefined, llmProxySecretVersionId: undefined, llmProxySecretKeys: undefined },
};

/** A tag for every service. */
export const allImages = { gatewayImageTag: "g1", llmProxyImageTag: "l1", workerImageTag: "w1" };

/** Type tokens of the resources that tests look for. */
export const types = {
  alarm: "aws:cloudwatch/metricAlarm:MetricAlarm",
  capacityProviders: "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders",
  cluster: "aws:ecs/cluster:Cluster",
  dashboard: "aws:cloudwatch/dashboard:Dashboard",
  lifecyclePolicy: "aws:ecr/lifecyclePolicy:LifecyclePolicy",
  listener: "aws:lb/listener:Listener",
  loadBalancer: "aws:lb/loadBalancer:LoadBalancer",
  logGroup: "aws:cloudwatch/logGroup:LogGroup",
  metricFilter: "aws:cloudwatch/logMetricFilter:LogMetricFilter",
  repository: "aws:ecr/repository:Repository",
  role: "aws:iam/role:Role",
  rolePolicy: "aws:iam/rolePolicy:RolePolicy",
  scalingAction: "aws:appautoscaling/scheduledAction:ScheduledAction",
  scalingPolicy: "aws:appautoscaling/policy:Policy",
  scalingTarget: "aws:appautoscaling/target:Target",
  service: "aws:ecs/service:Service",
  targetGroup: "aws:lb/targetGroup:TargetGroup",
  taskDefinition: "aws:ecs/taskDefinition:TaskDefinition",
} as const;

/** What AWS alone knows. */
export const computedServices: ComputedOutputs = {
  [types.repository]: ({ name }) => ({ repositoryUrl: `registry.example.com/${String(name)}` }),
  [types.loadBalancer]: ({ securityGroups }) => ({
    // The security group tells the two load balancers apart, whose names the mocks do not see.
    dnsName: `alb-of-${(securityGroups as string[]).join()}.example.com`,
    arnSuffix: `app/alb-of-${(securityGroups as string[]).join()}`,
    zoneId: "ZALB",
  }),
  [types.targetGroup]: ({ port }) => ({ arnSuffix: `targetgroup/on-${String(port)}` }),
};

/** Creates the layer in the stack `stack` and returns what it registered and exports. */
export function recordServices(
  changes: SampleChanges = {},
  upstream: UpstreamChanges = {},
  stack = "prod",
  computed: ComputedOutputs = {},
  deployed: Readonly<Record<string, unknown>> = {},
) {
  return recordLayer("services", createServicesLayer, {
    changes,
    stack,
    deployed,
    upstream: () => ({
      network: upstreamOutputs("network", upstream.network),
      data: upstreamOutputs("data", upstream.data),
      secrets: upstreamOutputs("secrets", upstream.secrets),
    }),
    computed: { ...computedServices, ...computed },
  });
}

/** Host name that the mocks give the gateway's and the llm-proxy's load balancer. */
export const hosts = { gateway: "alb-of-sg-0001.example.com", llmProxy: "alb-of-sg-0003.example.com" };

interface RenderedContainer {
  readonly name: string;
  readonly image: string;
  readonly portMappings: readonly { readonly containerPort: number }[];
  readonly environment: readonly { readonly name: string; readonly value: string }[];
  readonly secrets: readonly { readonly name: string; readonly valueFrom: string }[];
  readonly healthCheck: { readonly command: readonly string[]; readonly startPeriod: number };
  readonly readonlyRootFilesystem: boolean;
  readonly logConfiguration: { readonly options: Readonly<Record<string, string>> };
}

/** The only container of a service's task. */
export function containerOf(recording: Recording, service: string): RenderedContainer {
  const { containerDefinitions } = recording.only(types.taskDefinition, `${service}-task-definition`).inputs;
  const [container, ...others] = JSON.parse(containerDefinitions as string) as RenderedContainer[];
  if (container === undefined || others.length > 0) {
    throw new Error(`The task of ${service} must have one container, not ${others.length + 1}.`);
  }
  return container;
}

/** Plain variables of a service. */
export function environmentOf(recording: Recording, service: string): Record<string, string> {
  return Object.fromEntries(containerOf(recording, service).environment.map(({ name, value }) => [name, value]));
}

/** Logical names of resources. */
export function logicalNames(resources: readonly unknown[]): readonly string[] {
  // Part of every resource object, though not of its declaration.
  return resources.map((resource) => (resource as { readonly __name: string }).__name);
}
