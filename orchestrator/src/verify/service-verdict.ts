/**
 * Whether a service is as it was deployed. Pure. A service has failed when no waiting can fix it: it is gone, or ECS gave
 * up the deployment. AWS calls a deployment that the circuit breaker rolled back a success, so what runs is compared with
 * what was registered.
 */
import type { Deployment, Service, ServiceDeploymentBrief } from "@aws-sdk/client-ecs";
import type { TargetHealth } from "@aws-sdk/client-elastic-load-balancing-v2";
import { taskDefinitionName } from "@proliferate-infra/shared/aws/task-definition-name";

/** What AWS knows of one service. */
export interface ServiceFacts {
  readonly name: string;
  /** Undefined when the cluster has no such service. */
  readonly service: Service | undefined;
  /** ARN of the newest active revision of the family that the service runs; undefined when all are deregistered. */
  readonly newestTaskDefinition: string | undefined;
  /** The service's deployments, also those that were rolled back. */
  readonly serviceDeployments: readonly ServiceDeploymentBrief[];
  readonly targetGroups: readonly TargetGroupFacts[];
}

/** A target group that the service's tasks are registered in. */
export interface TargetGroupFacts {
  readonly arn: string;
  readonly targets: readonly TargetHealth[];
}

/** Whether a service is as deployed. */
export interface ServiceVerdict {
  /** `waiting`: ECS is still changing it. `failed`: waiting does not help. */
  readonly kind: "healthy" | "waiting" | "failed";
  /** Lines for people; none when it is healthy. */
  readonly reasons: readonly string[];
}

/** The verdict over a service. Does not depend on the order in which AWS lists things. */
export function serviceVerdict({ service, ...facts }: ServiceFacts): ServiceVerdict {
  if (service?.status === undefined) {
    return { kind: "failed", reasons: ["ECS has no such service"] };
  }
  if (service.status !== "ACTIVE") {
    return { kind: "failed", reasons: [`the service is ${service.status}, not ACTIVE`] };
  }
  const { taskDefinition, deployments = [], desiredCount: desired = 0 } = service;
  const last = newest(facts.serviceDeployments);
  const defects = [
    ...taskDefinitionDefects(taskDefinition, facts.newestTaskDefinition),
    ...deploymentDefects(deployments, last),
  ];
  const shortfalls = [
    ...rolloutShortfalls(deployments, last),
    ...taskShortfalls(deployments, desired),
    ...targetShortfalls(facts.targetGroups, desired),
  ];
  if (defects.length > 0) {
    return { kind: "failed", reasons: [...defects, ...shortfalls] };
  }
  return { kind: shortfalls.length > 0 ? "waiting" : "healthy", reasons: shortfalls };
}

function taskDefinitionDefects(taskDefinition: string | undefined, newestTaskDefinition: string | undefined): string[] {
  if (taskDefinition !== undefined && taskDefinition === newestTaskDefinition) {
    return [];
  }
  const running = taskDefinition === undefined ? "no task definition" : taskDefinitionName(taskDefinition);
  return newestTaskDefinition === undefined
    ? [`it runs ${running}, which is deregistered; its family has no active revision`]
    : [`rolled back: it runs ${running}, not ${taskDefinitionName(newestTaskDefinition)}, which is the newest`];
}

/** Statuses of a service deployment that is not over. */
const CURRENT_STATUSES: readonly string[] = ["PENDING", "IN_PROGRESS"];

/** `last`: the newest service deployments. Their status is neither current nor successful when ECS gave them up. */
function deploymentDefects(deployments: readonly Deployment[], last: readonly ServiceDeploymentBrief[]): string[] {
  const failed = primaries(deployments).filter(({ rolloutState }) => rolloutState === "FAILED");
  const givenUp = last.filter(({ status = "PENDING" }) => ![...CURRENT_STATUSES, "SUCCESSFUL"].includes(status));
  return sortedUnique([
    ...failed.map(({ rolloutStateReason }) => withDetail("the deployment failed", rolloutStateReason)),
    ...givenUp.map(({ status, statusReason }) => withDetail(`the last deployment ended as ${status}`, statusReason)),
  ]);
}

function rolloutShortfalls(deployments: readonly Deployment[], last: readonly ServiceDeploymentBrief[]): string[] {
  const current = primaries(deployments);
  if (current.length === 0) {
    return ["ECS has not begun the deployment"];
  }
  const isAtWork =
    current.some(({ rolloutState }) => rolloutState === "IN_PROGRESS") ||
    last.some(({ status = "PENDING" }) => CURRENT_STATUSES.includes(status));
  return isAtWork ? ["the deployment is in progress"] : [];
}

function taskShortfalls(deployments: readonly Deployment[], desired: number): string[] {
  const current = primaries(deployments);
  const running = sum(current.map(({ runningCount = 0 }) => runningCount));
  const pending = sum(current.map(({ pendingCount = 0 }) => pendingCount));
  const older = sum(deployments.map(({ runningCount = 0 }) => runningCount)) - running;
  return [
    ...(running === desired ? [] : [`${running} of ${desired} tasks run${pending > 0 ? `, ${pending} start` : ""}`]),
    ...(older > 0 ? [`${older} of an older deployment still run`] : []),
  ];
}

/** States of targets whose tasks are leaving. */
const LEAVING_STATES: readonly string[] = ["draining", "unhealthy.draining"];

function targetShortfalls(targetGroups: readonly TargetGroupFacts[], desired: number): string[] {
  return sortedUnique(targetGroups.flatMap((group) => targetGroupShortfall(group, desired)));
}

function targetGroupShortfall({ arn, targets }: TargetGroupFacts, desired: number): string[] {
  const staying = targets.filter(({ State: state = "unknown" }) => !LEAVING_STATES.includes(state));
  const sick = staying.filter(({ State: state }) => state !== "healthy");
  const healthy = staying.length - sick.length;
  if (sick.length === 0 && healthy >= desired) {
    return [];
  }
  const causes = sortedUnique(
    sick.map(({ State: state = "unknown", Reason: reason, Description: description }) =>
      withDetail(reason === undefined ? state : `${state} (${reason})`, description),
    ),
  );
  const name = arn.split("/").at(-2) ?? arn;
  const count = `${healthy} of ${Math.max(desired, staying.length)} targets in ${name} are healthy`;
  return [withDetail(count, causes.length > 0 ? causes.join("; ") : undefined)];
}

/** The deployment to the current task definition. The others are older ones, whose tasks are still stopping. */
function primaries(deployments: readonly Deployment[]): readonly Deployment[] {
  return deployments.filter(({ status }) => status === "PRIMARY");
}

/** The latest; several when they began in the same millisecond. AWS does not say in which order it lists them. */
function newest(deployments: readonly ServiceDeploymentBrief[]): readonly ServiceDeploymentBrief[] {
  const latest = Math.max(...deployments.map(creation));
  return deployments.filter((deployment) => creation(deployment) === latest);
}

function creation({ createdAt }: ServiceDeploymentBrief): number {
  return createdAt?.getTime() ?? 0;
}

function withDetail(text: string, detail: string | undefined): string {
  return detail === undefined || detail === "" ? text : `${text}: ${detail}`;
}

function sortedUnique(lines: readonly string[]): string[] {
  return [...new Set(lines)].sort();
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
