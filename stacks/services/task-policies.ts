/** IAM documents of the tasks' roles, as plain objects. Pure. */

/** An IAM policy document. */
export interface PolicyDocument {
  readonly Version: "2012-10-17";
  readonly Statement: readonly PolicyStatement[];
}

/** One statement of a policy document. */
interface PolicyStatement {
  readonly Sid: string;
  readonly Effect: "Allow";
  readonly Action: readonly string[];
  readonly Resource?: readonly string[];
  readonly Principal?: Readonly<Record<string, string>>;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** Where an environment's tasks run. */
export interface TaskScope {
  /** `aws`, `aws-us-gov` or `aws-cn`. */
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
}

function policy(...statements: readonly PolicyStatement[]): PolicyDocument {
  return { Version: "2012-10-17", Statement: statements };
}

/** Lets ECS, and only for tasks of this account and region, take a role on (no confused deputy). */
export function taskTrustPolicy({ partition, region, accountId }: TaskScope): PolicyDocument {
  return policy({
    Sid: "AssumedByTasks",
    Effect: "Allow",
    Action: ["sts:AssumeRole"],
    Principal: { Service: "ecs-tasks.amazonaws.com" },
    Condition: {
      StringEquals: { "aws:SourceAccount": accountId },
      ArnLike: { "aws:SourceArn": `arn:${partition}:ecs:${region}:${accountId}:*` },
    },
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
  return policy(
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
  return policy({
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
