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

/** A bucket, and the key that its objects are encrypted with. */
export interface ObjectStore {
  readonly bucketArn: string;
  /** Undefined: S3's own key, which needs no permission. */
  readonly keyArn: string | undefined;
}

/**
 * What an application needs to use one bucket: to list, read, write and delete objects, large ones in parts. With a KMS key,
 * reading needs Decrypt and writing GenerateDataKey, in parts both (S3 User Guide, multipart upload and permissions).
 */
export function objectStorePolicy({ bucketArn, keyArn }: ObjectStore): PolicyDocument {
  return policyDocument(
    {
      Sid: "ListObjects",
      Effect: "Allow",
      Action: ["s3:ListBucket", "s3:ListBucketMultipartUploads"],
      Resource: [bucketArn],
    },
    {
      Sid: "UseObjects",
      Effect: "Allow",
      Action: [
        ...["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
        ...["s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"],
      ],
      Resource: [`${bucketArn}/*`],
    },
    ...(keyArn === undefined
      ? []
      : [
          {
            Sid: "UseKey",
            Effect: "Allow",
            Action: ["kms:Decrypt", "kms:GenerateDataKey"],
            Resource: [keyArn],
          } as const,
        ]),
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
