/**
 * Whether a service is as it was deployed. Pure. A service has failed when no waiting can fix it: it is gone, or ECS gave
 * up the deployment. AWS calls a deployment that the circuit breaker rolled back a success, so what runs is compared with
 * what was registered.
 */
import { taskDefinitionName } from "@proliferate-infra/shared/aws/task-definition-name";
import type { DeploymentFacts, ServiceDeploymentFacts, ServiceFacts, TargetGroupFacts } from "./service-facts.ts";

/** How a service stands; the reasons are lines for people. */
export type ServiceVerdict =
  | { readonly kind: "healthy" }
  /** Not yet as deployed; ECS is still changing it. */
  | { readonly kind: "waiting"; readonly reasons: readonly string[] }
  /** Waiting does not help. */
  | { readonly kind: "failed"; readonly reasons: readonly string[] };

/** The verdict over a service. Does not depend on the order in which AWS lists things. */
export function serviceVerdict(facts: ServiceFacts): ServiceVerdict {
  if (facts.status === undefined) {
    return { kind: "failed", reasons: ["ECS has no such service"] };
  }
  if (facts.status !== "ACTIVE") {
    return { kind: "failed", reasons: [`the service is ${facts.status}, not ACTIVE`] };
  }
  const defects = [...taskDefinitionDefects(facts), ...deploymentDefects(facts)];
  const shortfalls = [...rolloutShortfalls(facts), ...taskShortfalls(facts), ...targetShortfalls(facts)];
  if (defects.length > 0) {
    return { kind: "failed", reasons: [...defects, ...shortfalls] };
  }
  return shortfalls.length > 0 ? { kind: "waiting", reasons: shortfalls } : { kind: "healthy" };
}

function taskDefinitionDefects({ taskDefinition, newestTaskDefinition }: ServiceFacts): string[] {
  if (taskDefinition !== undefined && taskDefinition === newestTaskDefinition) {
    return [];
  }
  const running = taskDefinition === undefined ? "no task definition" : taskDefinitionName(taskDefinition);
  return newestTaskDefinition === undefined
    ? [`it runs ${running}, which is deregistered; its family has no active revision`]
    : [`rolled back: it runs ${running}, not ${taskDefinitionName(newestTaskDefinition)}, which is the newest`];
}

/** Statuses of a service deployment that goes on or went well; all others mean that ECS gave it up. */
const GOOD_STATUSES: readonly string[] = ["PENDING", "IN_PROGRESS", "SUCCESSFUL"];

function deploymentDefects({ deployments, serviceDeployments }: ServiceFacts): string[] {
  const failed = primaries(deployments).filter(({ rolloutState }) => rolloutState === "FAILED");
  const givenUp = newest(serviceDeployments).filter(({ status }) => !GOOD_STATUSES.includes(status));
  return sortedUnique([
    ...failed.map(({ rolloutStateReason }) => withDetail("the deployment failed", rolloutStateReason)),
    ...givenUp.map(({ status, statusReason }) => withDetail(`the last deployment ended as ${status}`, statusReason)),
  ]);
}

function rolloutShortfalls({ deployments, serviceDeployments }: ServiceFacts): string[] {
  const current = primaries(deployments);
  if (current.length === 0) {
    return ["ECS has not begun the deployment"];
  }
  const isAtWork =
    current.some(({ rolloutState }) => rolloutState === "IN_PROGRESS") ||
    newest(serviceDeployments).some(({ status }) => status === "IN_PROGRESS" || status === "PENDING");
  return isAtWork ? ["the deployment is in progress"] : [];
}

function taskShortfalls({ desired, deployments }: ServiceFacts): string[] {
  const current = primaries(deployments);
  const running = sum(current.map((deployment) => deployment.running));
  const pending = sum(current.map((deployment) => deployment.pending));
  const older = sum(deployments.map((deployment) => deployment.running)) - running;
  return [
    ...(running === desired ? [] : [`${running} of ${desired} tasks run${pending > 0 ? `, ${pending} start` : ""}`]),
    ...(older > 0 ? [`${older} of an older deployment still run`] : []),
  ];
}

/** States of targets whose tasks are leaving. */
const LEAVING_STATES: readonly string[] = ["draining", "unhealthy.draining"];

function targetShortfalls({ desired, targetGroups }: ServiceFacts): string[] {
  return sortedUnique(targetGroups.flatMap((group) => targetGroupShortfall(group, desired)));
}

function targetGroupShortfall({ arn, targets }: TargetGroupFacts, desired: number): string[] {
  const staying = targets.filter(({ state }) => !LEAVING_STATES.includes(state));
  const sick = staying.filter(({ state }) => state !== "healthy");
  const healthy = staying.length - sick.length;
  if (sick.length === 0 && healthy >= desired) {
    return [];
  }
  const causes = sortedUnique(
    sick.map(({ state, reason, description }) =>
      withDetail(reason === undefined ? state : `${state} (${reason})`, description),
    ),
  );
  const name = arn.split("/").at(-2) ?? arn;
  const count = `${healthy} of ${Math.max(desired, staying.length)} targets in ${name} are healthy`;
  return [withDetail(count, causes.length > 0 ? causes.join("; ") : undefined)];
}

function primaries(deployments: readonly DeploymentFacts[]): readonly DeploymentFacts[] {
  return deployments.filter(({ status }) => status === "PRIMARY");
}

/** The latest; several when they began in the same millisecond. AWS does not say in which order it lists them. */
function newest(deployments: readonly ServiceDeploymentFacts[]): readonly ServiceDeploymentFacts[] {
  const latest = Math.max(...deployments.map(({ createdAt }) => createdAt));
  return deployments.filter(({ createdAt }) => createdAt === latest);
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
