import { expect } from "chai";
import { taskTrustPolicy } from "proliferate-services/task-policies.ts";
import type { SampleChanges } from "@proliferate-infra/testing/sample-configuration";
import { recordServices, types, withoutLlmProxy, type UpstreamChanges } from "./recorded-layer.ts";

const parse = (text: unknown) => JSON.parse(text as string) as unknown;

async function policiesOf(changes: SampleChanges = {}, upstream: UpstreamChanges = {}) {
  const { recording } = await recordServices(changes, upstream);
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
  it("are two, which only ECS tasks of this account and region can take on", async () => {
    const { recording } = await recordServices();
    const roles = recording.all(types.role);
    expect(roles.map(({ name }) => name)).to.deep.equal(["proliferate-execution", "proliferate-task"]);
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

  it("know nothing of the proxy without it", async () => {
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

  it("fit the partition", () => {
    const { Statement } = taskTrustPolicy({ partition: "aws-cn", accountId: "1" }, "cn-north-1");
    expect(Statement[0]?.Condition?.ArnLike).to.deep.equal({ "aws:SourceArn": "arn:aws-cn:ecs:cn-north-1:1:*" });
  });
});
