/** Why a service's tasks stopped, as lines for people: each cause once, the latest first. Pure. */
import type { Container, Task } from "@aws-sdk/client-ecs";
import { taskDefinitionName } from "@proliferate-infra/shared/aws/task-definition-name";

const SHOWN_CAUSES = 5;

/** Beginning of ECS's reason when it stopped a task because there were enough others, which is no fault. */
const ROUTINE = "Scaling activity initiated by";

/** Ids of tasks and requests, which differ between two tasks that stopped for the same cause. */
const ID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\b[0-9a-f]{32}\b/gi;

/** Lines with up to five different causes. Leaves out tasks that are still stopping, and those that ECS had too many of. */
export function stoppedTaskLines(tasks: readonly Task[]): readonly string[] {
  const latestFirst = tasks
    .filter(({ stoppedAt, stoppedReason }) => stoppedAt !== undefined || stoppedReason !== undefined)
    .filter(({ stoppedReason }) => stoppedReason?.startsWith(ROUTINE) !== true)
    .map((task) => ({ at: (task.stoppedAt ?? task.stoppingAt)?.getTime() ?? 0, text: describe(task) }))
    .sort((one, other) => other.at - one.at || (one.text < other.text ? -1 : 1));
  const causes = Map.groupBy(latestFirst, ({ text }) => text.replace(ID, "id"));
  return [...causes.values()].slice(0, SHOWN_CAUSES).flatMap((same) => {
    const [latest] = same;
    return latest === undefined
      ? []
      : [`${timeOf(latest.at)} ${latest.text}${same.length > 1 ? ` (${same.length} times)` : ""}`];
  });
}

function describe({ taskDefinitionArn = "a task", stoppedReason, containers = [] }: Task): string {
  const name = taskDefinitionName(taskDefinitionArn);
  const ends = containers.flatMap(containerEnd).sort();
  const cause = oneLine(stoppedReason ?? "");
  return `${name} stopped: ${[cause === "" ? "no reason given" : cause, ...ends].join("; ")}`;
}

function containerEnd({ name = "unnamed", exitCode, reason }: Container): string[] {
  const code = exitCode === undefined ? [] : [`exit code ${exitCode}`];
  const facts = [...code, ...(reason === undefined || reason === "" ? [] : [oneLine(reason)])];
  return facts.length === 0 ? [] : [`container ${name}: ${facts.join(", ")}`];
}

/** A container's runtime may put line breaks and terminal codes into its errors. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\s]+/gu, " ").trim();
}

function timeOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 19).replace("T", " ") + "Z";
}
