import { expect } from "chai";
import { taskTrustPolicy } from "proliferate-services/task-policies.ts";
import { capturedRejections } from "@proliferate-infra/testing/captured-rejections";
import { valueOf } from "@proliferate-infra/testing/recording-mocks";
import type { SampleChanges } from "@proliferate-infra/testing/sample-configuration";
import {
  allImages,
  environmentOf,
  recordServices,
  types,
  withoutLlmProxy,
  type UpstreamChanges,
} from "./recorded-layer.ts";

const kmsKeyArn = "arn:aws:kms:us-east-1:123456789012:key/0a1b-2c3d";
const roleArn = (role: string) => `arn:aws:iam:us-east-1:123456789012:proliferate-${role}`;
const parse = (text: unknown) => JSON.parse(text as string) as unknown;

/** An object store that is not AWS's needs no role. */
const elsewhere: SampleChanges = { s3EndpointUrl: "https://objects.example.com" };

async function policiesOf(changes: SampleChanges = {}, upstream: UpstreamChanges = {}) {
  const { recording } = await recordServices({ ...elsewhere, ...changes }, upstream);
  return recording
    .all(types.rolePolicy)
    .map(({ name, inputs }) => ({ name, role: inputs.role, policy: inputs.policy }));
}

const secretArn = (service: string) =>
  `arn:aws:secretsmanager:us-east-1:123456789012:secret:proliferate-${service}-AbCdEf`;
const repositoryArn = (service: string) => `arn:aws:ecr:us-east-1:123456789012:${service}-repository`;
const logArn = (service: string) => `arn:aws:cloudwatch:us-east-1:123456789012:${service}-logs:*`;

function executionPolicy(...services: string[]) {
  return {
    Version: "2012-10-17",
    Statement: [
      { Sid: "LogInToRegistry", Effect: "Allow", Action: ["ecr:GetAuthorizationToken"], Resource: ["*"] },
      {
        Sid: "PullImages",
        Effect: "Allow",
        Action: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
        Resource: services.map(repositoryArn),
      },
      {
        Sid: "ReadSecrets",
        Effect: "Allow",
        Action: ["secretsmanager:GetSecretValue"],
        Resource: services.map(secretArn),
      },
      {
        Sid: "WriteLogs",
        Effect: "Allow",
        Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
        Resource: services.map(logArn),
      },
    ],
  };
}

describe("task roles", () => {
  it("are those of ECS, of programs and of the object store, which only ECS tasks of this account and region can take on", async () => {
    const { recording } = await recordServices();
    const roles = recording.all(types.role);
    expect(roles.map(({ name }) => name)).to.deep.equal([
      ...["proliferate-execution", "proliferate-object-store-task", "proliferate-task"],
    ]);
    for (const { inputs } of roles) {
      expect(parse(inputs.assumeRolePolicy)).to.deep.equal({
        Version: "2012-10-17",
        Statement: [
          {
            Sid: "AssumedByTasks",
            Effect: "Allow",
            Action: ["sts:AssumeRole"],
            Principal: { Service: "ecs-tasks.amazonaws.com" },
            Condition: {
              StringEquals: { "aws:SourceAccount": "123456789012" },
              ArnLike: { "aws:SourceArn": "arn:aws:ecs:us-east-1:123456789012:*" },
            },
          },
        ],
      });
      expect(inputs).not.to.have.any.keys("inlinePolicies", "managedPolicyArns");
    }
  });

  it("let ECS read these secrets, pull these images and write these logs, nothing more", async () => {
    const [policy, ...others] = await policiesOf();
    expect(others).to.deep.equal([]);
    expect(policy?.role).to.equal("proliferate-execution-id");
    expect(parse(policy?.policy)).to.deep.equal(executionPolicy("gateway", "llm-proxy", "worker"));
  });

  it("leave out the proxy when it is off", async () => {
    const [policy] = await policiesOf({ enableLlmProxy: "false" }, withoutLlmProxy);
    expect(parse(policy?.policy)).to.deep.equal(executionPolicy("gateway", "worker"));
  });

  it("let programs open ECS Exec's channels only when it is on", async () => {
    const [execution, exec, ...others] = await policiesOf({ enableExecuteCommand: "true" });
    expect(others).to.deep.equal([]);
    expect(execution?.name).to.equal("execution-role-policy");
    expect(exec?.role).to.equal("proliferate-task-id");
    expect(parse(exec?.policy)).to.deep.equal({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "OpenShell",
          Effect: "Allow",
          Action: [
            "ssmmessages:CreateControlChannel",
            "ssmmessages:CreateDataChannel",
            "ssmmessages:OpenControlChannel",
            "ssmmessages:OpenDataChannel",
          ],
          Resource: ["*"],
        },
      ],
    });
  });

  it("let gateway and worker use the bucket, and the llm-proxy nothing", async () => {
    const { recording, result } = await recordServices({ ...allImages, s3Bucket: "my-bucket" });
    const document = recording.only(types.rolePolicy, "object-store-task-role-object-store").inputs;
    expect(document.role).to.equal("proliferate-object-store-task-id");
    expect(parse(document.policy)).to.deep.equal({
      Version: "2012-10-17",
      Statement: [
        {
          ...{ Sid: "ListObjects", Effect: "Allow", Action: ["s3:ListBucket", "s3:ListBucketMultipartUploads"] },
          Resource: ["arn:aws:s3:::my-bucket"],
        },
        {
          ...{ Sid: "UseObjects", Effect: "Allow" },
          Action: [
            ...["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
            ...["s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"],
          ],
          Resource: ["arn:aws:s3:::my-bucket/*"],
        },
      ],
    });
    const roles = [result.gatewayTaskRoleArn, result.llmProxyTaskRoleArn, result.workerTaskRoleArn];
    expect(await Promise.all(roles.map((role) => valueOf(role ?? "")))).to.deep.equal(
      ["object-store-task", "task", "object-store-task"].map(roleArn),
    );
    for (const [service, role] of [
      ["gateway", "object-store-task"],
      ["llm-proxy", "task"],
      ["worker", "object-store-task"],
    ] as const) {
      const { inputs } = recording.only(types.taskDefinition, `${service}-task-definition`);
      expect(inputs.taskRoleArn, service).to.equal(roleArn(role));
    }
  });

  it("may use the bucket's key", async () => {
    const { recording } = await recordServices({ s3KmsKeyArn: kmsKeyArn });
    const document = recording.only(types.rolePolicy, "object-store-task-role-object-store").inputs;
    const { Statement } = parse(document.policy) as { readonly Statement: readonly unknown[] };
    expect(Statement.at(-1)).to.deep.equal({
      ...{ Sid: "UseKey", Effect: "Allow", Action: ["kms:Decrypt", "kms:GenerateDataKey"], Resource: [kmsKeyArn] },
    });
  });

  it("are for the bucket that the layer data has created, and its key", async () => {
    const changes = { ...allImages, createS3Bucket: "true", s3Bucket: undefined, kmsKeyArn };
    const { recording } = await recordServices(changes);
    const document = recording.only(types.rolePolicy, "object-store-task-role-object-store").inputs;
    const { Statement } = parse(document.policy) as { readonly Statement: readonly { readonly Resource: unknown }[] };
    expect(Statement.map(({ Resource }) => Resource)).to.deep.equal([
      ["arn:aws:s3:::proliferate-files-0a1b2c3"],
      ["arn:aws:s3:::proliferate-files-0a1b2c3/*"],
      [kmsKeyArn],
    ]);
    expect(environmentOf(recording, "worker").S3_BUCKET).to.equal("proliferate-files-0a1b2c3");
    const messages = await capturedRejections(() =>
      recordServices(changes, { data: { s3BucketName: undefined, s3BucketArn: undefined } }),
    );
    expect(messages.join()).to.contain("createS3Bucket").and.to.contain("--only data");
  });

  it("do not change for services with static keys or another object store", async () => {
    const keys = ["DATABASE_URL", "S3_ACCESS_KEY", "S3_SECRET_KEY"];
    const withKeys = { secrets: { gatewaySecretKeys: keys, workerSecretKeys: keys } };
    for (const { recording } of [await recordServices(allImages, withKeys), await recordServices(elsewhere)]) {
      for (const { inputs } of recording.all(types.taskDefinition)) {
        expect(inputs.taskRoleArn).to.equal(roleArn("task"));
      }
    }
  });

  it("of a service with policies of its own are its alone, with all else that it needs", async () => {
    const policyArn = "arn:aws:iam::123456789012:policy/team/queue-access";
    const { recording, result } = await recordServices({
      ...{ workerTaskPolicyArns: policyArn, enableExecuteCommand: "true" },
    });
    expect(await valueOf(result.workerTaskRoleArn ?? "")).to.equal(roleArn("worker-task"));
    expect(await valueOf(result.gatewayTaskRoleArn ?? "")).to.equal(roleArn("object-store-task"));
    const attachment = recording.only("aws:iam/rolePolicyAttachment:RolePolicyAttachment");
    expect(attachment.name).to.equal("worker-task-policy-queue-access");
    expect(attachment.inputs).to.deep.equal({ role: "proliferate-worker-task", policyArn });
    const inline = recording.all(types.rolePolicy).filter(({ inputs }) => inputs.role === "proliferate-worker-task-id");
    expect(inline.map(({ name }) => name)).to.deep.equal([
      ...["worker-task-role-execute-command", "worker-task-role-object-store"],
    ]);
  });

  it("fit the partition", () => {
    const { Statement } = taskTrustPolicy({ partition: "aws-cn", accountId: "1" }, "cn-north-1");
    expect(Statement[0]?.Condition?.ArnLike).to.deep.equal({ "aws:SourceArn": "arn:aws-cn:ecs:cn-north-1:1:*" });
  });
});
