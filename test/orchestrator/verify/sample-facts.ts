/** A service that is well, as AWS describes it, to be changed into what a test needs. */
import type { Deployment, Service, ServiceDeploymentBrief, Task } from "@aws-sdk/client-ecs";
import type { TargetHealth } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { ServiceFacts } from "@proliferate-infra/orchestrator/verify/service-verdict";

const taskDefinition = (revision: number) => `arn:aws:ecs:us-east-1:123456789012:task-definition/app:${revision}`;

/** Older and newest revision. */
export const oldDefinition = taskDefinition(3);
export const newDefinition = taskDefinition(4);

export const targetGroupArn = "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/app-tg/0a1b";

export const healthyTarget: TargetHealth = { State: "healthy" };

export const deployment = (changes: Deployment = {}): Deployment => ({
  status: "PRIMARY",
  rolloutState: "COMPLETED",
  runningCount: 2,
  pendingCount: 0,
  ...changes,
});

export const serviceDeployment = (changes: ServiceDeploymentBrief = {}): ServiceDeploymentBrief => ({
  status: "SUCCESSFUL",
  createdAt: new Date(1000),
  ...changes,
});

/** What a test changes: fields of the service itself, or of what else is known of it. */
export type Changes = Service & Partial<Omit<ServiceFacts, "service" | "name">>;

/** Two tasks of the newest definition, both healthy behind a load balancer. */
export const facts = (changes: Changes = {}, name = "app"): ServiceFacts => {
  const { newestTaskDefinition, serviceDeployments, targetGroups, ...service } = changes;
  return {
    name,
    service: {
      status: "ACTIVE",
      taskDefinition: newDefinition,
      desiredCount: 2,
      deployments: [deployment()],
      ...service,
    },
    newestTaskDefinition: "newestTaskDefinition" in changes ? newestTaskDefinition : newDefinition,
    serviceDeployments: serviceDeployments ?? [serviceDeployment()],
    targetGroups: targetGroups ?? [{ arn: targetGroupArn, targets: [healthyTarget, healthyTarget] }],
  };
};

/** A cluster that has no such service. */
export const missing = (name: string): ServiceFacts => ({
  name,
  service: undefined,
  newestTaskDefinition: undefined,
  serviceDeployments: [],
  targetGroups: [],
});

export const stoppedTask = (changes: Task = {}): Task => ({
  taskDefinitionArn: newDefinition,
  stoppedAt: new Date(Date.UTC(2024, 0, 2, 3, 4, 5)),
  stoppedReason: "Essential container in task exited",
  containers: [{ name: "app", exitCode: 1 }],
  ...changes,
});
