/** What every task definition of this layer has in common. */
import type { ServiceDefinition } from "./service-definitions.ts";
import type { TaskRoles } from "./task-roles.ts";

/** Arguments of a task definition for Fargate, of the size of a service and with these roles. */
export function fargateTask({ cpu, memory }: Pick<ServiceDefinition, "cpu" | "memory">, roles: TaskRoles) {
  return {
    requiresCompatibilities: ["FARGATE"],
    networkMode: "awsvpc",
    runtimePlatform: { operatingSystemFamily: "LINUX", cpuArchitecture: "X86_64" },
    cpu: String(cpu),
    memory: String(memory),
    executionRoleArn: roles.executionRoleArn,
    taskRoleArn: roles.taskRoleArn,
  };
}
