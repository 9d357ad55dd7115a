/** Facts of a service that is well, to be changed into what a test needs. */
import type {
  DeploymentFacts,
  ServiceDeploymentFacts,
  ServiceFacts,
  StoppedTask,
  TargetFacts,
} from "@proliferate-infra/orchestrator/verify/service-facts";

const taskDefinition = (revision: number) => `arn:aws:ecs:us-east-1:123456789012:task-definition/app:${revision}`;

/** Older and newest revision. */
export const oldDefinition = taskDefinition(3);
export const newDefinition = taskDefinition(4);

export const targetGroupArn = "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/app-tg/0a1b";

export const healthyTarget: TargetFacts = { state: "healthy", reason: undefined, description: undefined };

export const deployment = (changes: Partial<DeploymentFacts> = {}): DeploymentFacts => ({
  status: "PRIMARY",
  rolloutState: "COMPLETED",
  rolloutStateReason: undefined,
  running: 2,
  pending: 0,
  ...changes,
});

export const serviceDeployment = (changes: Partial<ServiceDeploymentFacts> = {}): ServiceDeploymentFacts => ({
  status: "SUCCESSFUL",
  statusReason: undefined,
  createdAt: 1000,
  ...changes,
});

/** Two tasks of the newest definition, both healthy behind a load balancer. */
export const service = (changes: Partial<ServiceFacts> = {}): ServiceFacts => ({
  name: "app",
  status: "ACTIVE",
  taskDefinition: newDefinition,
  newestTaskDefinition: newDefinition,
  desired: 2,
  deployments: [deployment()],
  serviceDeployments: [serviceDeployment()],
  targetGroups: [{ arn: targetGroupArn, targets: [healthyTarget, healthyTarget] }],
  ...changes,
});

export const stoppedTask = (changes: Partial<StoppedTask> = {}): StoppedTask => ({
  taskDefinition: newDefinition,
  stoppedAt: Date.UTC(2024, 0, 2, 3, 4, 5),
  stoppedReason: "Essential container in task exited",
  containers: [{ name: "app", exitCode: 1, reason: undefined }],
  ...changes,
});
