/** IAM roles of the tasks: one for the ECS agent that starts them, one for the programs inside. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { physicalName } from "@proliferate-infra/shared/aws/resource-names";
import { accountOf } from "@proliferate-infra/shared/program/aws-provider";
import { executeCommandPolicy, executionPolicy, taskTrustPolicy } from "./task-policies.ts";

/** Inputs of the roles. */
export interface TaskRolesArgs {
  readonly resourcePrefix: string;
  readonly region: string;
  readonly repositoryArns: readonly pulumi.Input<string>[];
  readonly secretArns: readonly pulumi.Input<string>[];
  readonly logGroupArns: readonly pulumi.Input<string>[];
  readonly enableExecuteCommand: boolean;
  /** Key of the secrets; undefined: AWS's own. */
  readonly kmsKeyArn: string | undefined;
}

/** The roles, and the policies that must exist before tasks start and until they have stopped. */
export interface TaskRoles {
  readonly executionRoleArn: pulumi.Output<string>;
  readonly taskRoleArn: pulumi.Output<string>;
  readonly policies: readonly aws.iam.RolePolicy[];
}

/** Creates both roles. The programs' role allows nothing unless ECS Exec is on. */
export function createTaskRoles(args: TaskRolesArgs, parent: pulumi.Resource): TaskRoles {
  const trust = accountOf(parent).apply((account) => JSON.stringify(taskTrustPolicy(account, args.region)));
  const roleOf = (name: string, description: string) =>
    new aws.iam.Role(
      physicalName("role", args.resourcePrefix, name),
      { description, assumeRolePolicy: trust },
      { parent },
    );
  const execution = roleOf("execution", "Lets ECS pull images, read secrets and write logs for the services");
  const task = roleOf("task", "What the services' programs may do in AWS");
  const targets = pulumi.output({
    repositoryArns: args.repositoryArns,
    secretArns: args.secretArns,
    logGroupArns: args.logGroupArns,
    kmsKeyArn: args.kmsKeyArn,
  });
  const policies = [
    new aws.iam.RolePolicy(
      "execution-role-policy",
      { role: execution.id, policy: targets.apply((resolved) => JSON.stringify(executionPolicy(resolved))) },
      { parent },
    ),
  ];
  if (args.enableExecuteCommand) {
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
