/** IAM roles of the tasks: one for the ECS agent that starts them, one for the programs inside. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { accountOf } from "@proliferate-infra/shared/program/aws-provider";
import type { LayerScope } from "@proliferate-infra/shared/program/layer";
import type { Service } from "./service.ts";
import { executeCommandPolicy, executionPolicy, taskTrustPolicy } from "./task-policies.ts";

/** The roles, and the policies that must exist before tasks start and until they have stopped. */
export interface TaskRoles {
  readonly executionRoleArn: pulumi.Output<string>;
  readonly taskRoleArn: pulumi.Output<string>;
  readonly policies: readonly aws.iam.RolePolicy[];
}

/** Creates both roles. The programs' role allows nothing unless ECS Exec is on. */
export function createTaskRoles(scope: LayerScope<"services">, services: readonly Service[]): TaskRoles {
  const { settings, parent, name } = scope;
  const trust = accountOf(parent).apply((account) => JSON.stringify(taskTrustPolicy(account, settings.region)));
  const roleOf = (part: string, description: string) =>
    new aws.iam.Role(name("role", part), { description, assumeRolePolicy: trust }, { parent });
  const execution = roleOf("execution", "Lets ECS pull images, read secrets and write logs for the services");
  const task = roleOf("task", "What the services' programs may do in AWS");
  const targets = pulumi.output({
    repositoryArns: services.map(({ repository }) => repository.arn),
    secretArns: services.map(({ inputs }) => inputs.secretArn),
    logGroupArns: services.map(({ logGroup }) => logGroup.arn),
    kmsKeyArn: settings.kmsKeyArn,
  });
  const policies = [
    new aws.iam.RolePolicy(
      "execution-role-policy",
      { role: execution.id, policy: targets.apply((resolved) => JSON.stringify(executionPolicy(resolved))) },
      { parent },
    ),
  ];
  if (settings.enableExecuteCommand) {
    policies.push(
      new aws.iam.RolePolicy(
        "task-role-execute-command",
        { role: task.id, policy: JSON.stringify(executeCommandPolicy()) },
        { parent },
      ),
    );
  }
  return { executionRoleArn: execution.arn, taskRoleArn: task.arn, policies };
}
