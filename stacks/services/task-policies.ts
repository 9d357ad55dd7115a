/** IAM documents of the tasks' roles. Pure. */
import { policyDocument, trustPolicy, type AwsAccount, type PolicyDocument } from "@proliferate-infra/shared/aws/iam";

/** Lets ECS assume a role, and only for tasks of this account and region. */
export function taskTrustPolicy({ partition, accountId }: AwsAccount, region: string): PolicyDocument {
  return trustPolicy({
    sid: "AssumedByTasks",
    service: "ecs-tasks.amazonaws.com",
    accountId,
    sourceArn: `arn:${partition}:ecs:${region}:${accountId}:*`,
  });
}

/** ARNs of what the ECS agent touches when it starts tasks. */
export interface ExecutionTargets {
  readonly repositoryArns: readonly string[];
  readonly secretArns: readonly string[];
  readonly logGroupArns: readonly string[];
  /** Key that secrets are encrypted with; undefined: AWS's own, which needs no permission. */
  readonly kmsKeyArn: string | undefined;
}

/** What the ECS agent needs to start the environment's tasks, and nothing of other environments. */
export function executionPolicy(targets: ExecutionTargets): PolicyDocument {
  const { repositoryArns, secretArns, logGroupArns, kmsKeyArn } = targets;
  return policyDocument(
    // This action knows no resources.
    { Sid: "LogInToRegistry", Effect: "Allow", Action: ["ecr:GetAuthorizationToken"], Resource: ["*"] },
    {
      Sid: "PullImages",
      Effect: "Allow",
      Action: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
      Resource: repositoryArns,
    },
    { Sid: "ReadSecrets", Effect: "Allow", Action: ["secretsmanager:GetSecretValue"], Resource: secretArns },
    {
      Sid: "WriteLogs",
      Effect: "Allow",
      Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
      Resource: logGroupArns.map((arn) => `${arn}:*`),
    },
    ...(kmsKeyArn === undefined
      ? []
      : [{ Sid: "DecryptSecrets", Effect: "Allow", Action: ["kms:Decrypt"], Resource: [kmsKeyArn] } as const]),
  );
}

/** What a container needs for ECS Exec. These actions know no resources. */
export function executeCommandPolicy(): PolicyDocument {
  return policyDocument({
    Sid: "OpenShell",
    Effect: "Allow",
    Action: [
      "ssmmessages:CreateControlChannel",
      "ssmmessages:CreateDataChannel",
      "ssmmessages:OpenControlChannel",
      "ssmmessages:OpenDataChannel",
    ],
    Resource: ["*"],
  });
}
