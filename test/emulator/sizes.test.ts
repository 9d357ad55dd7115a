/** Sizes of task definitions, secrets and policies. */
import { ECSClient, RegisterTaskDefinitionCommand } from "@aws-sdk/client-ecs";
import {
  CreatePolicyCommand,
  CreateRoleCommand,
  DeleteRolePolicyCommand,
  IAMClient,
  PutRolePolicyCommand,
} from "@aws-sdk/client-iam";
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { expect } from "chai";
import { sharedTestEmulator, type SharedEmulator } from "@proliferate-infra/testing/emulator";
import { refusalOf } from "@proliferate-infra/testing/refused-call";

/** Returns a policy with about `size` characters, and white space. */
const policyOf = (size: number) => {
  const actions = Array.from({ length: Math.ceil(size / 20) }, () => "s3:GetObjectTagging");
  const statement = { Effect: "Allow", Action: actions, Resource: "*" };
  return JSON.stringify({ Version: "2012-10-17", Statement: [statement] }, undefined, 2);
};
const trustPolicy = (principals: number) => {
  const Service = Array.from({ length: principals }, () => "ecs-tasks.amazonaws.com");
  const statement = { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service } };
  return JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
};

describe("sizes in the emulator", () => {
  let emulator: SharedEmulator;
  before(async () => {
    emulator = await sharedTestEmulator();
  });

  it("are limited for a task definition (task-definition-size)", async () => {
    const ecs = new ECSClient(emulator.clientOptions);
    const register = (size: number) => {
      const environment = [{ name: "LONG", value: "x".repeat(size) }];
      const containerDefinitions = [{ name: "app", image: "app:1", environment }];
      return ecs.send(new RegisterTaskDefinitionCommand({ family: "sizes", containerDefinitions }));
    };
    expect(await refusalOf(register(65_536))).to.equal("ClientException");
    await register(65_000);
    ecs.destroy();
  });

  it("are limited for a secret, whose name is taken until it is deleted (secret-size, secret-name-deleted)", async () => {
    const secrets = new SecretsManagerClient(emulator.clientOptions);
    const create = (size: number) =>
      secrets.send(new CreateSecretCommand({ Name: "sizes", SecretString: "x".repeat(size) }));
    expect(await refusalOf(create(65_537))).to.equal("ValidationException");
    await create(65_536);
    const put = secrets.send(new PutSecretValueCommand({ SecretId: "sizes", SecretString: "x".repeat(65_537) }));
    expect(await refusalOf(put)).to.equal("ValidationException");
    await secrets.send(new DeleteSecretCommand({ SecretId: "sizes" }));
    expect(await refusalOf(create(1))).to.equal("InvalidRequestException");
    secrets.destroy();
  });

  it("are limited for policies (managed-policy-size, inline-policy-size, trust-policy-size)", async () => {
    const iam = new IAMClient(emulator.clientOptions);
    const create = (PolicyName: string, size: number) =>
      iam.send(new CreatePolicyCommand({ PolicyName, PolicyDocument: policyOf(size) }));
    expect(await refusalOf(create("large", 7_000))).to.match(/^LimitExceeded/);
    await create("small", 5_000);

    const createRole = (RoleName: string, principals: number) =>
      iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trustPolicy(principals) }));
    expect(await refusalOf(createRole("large", 100))).to.match(/^LimitExceeded/);
    await createRole("sizes", 1);

    const put = (PolicyName: string, size: number) =>
      iam.send(new PutRolePolicyCommand({ RoleName: "sizes", PolicyName, PolicyDocument: policyOf(size) }));
    await put("first", 6_000);
    expect(await refusalOf(put("second", 6_000))).to.match(/^LimitExceeded/);
    await iam.send(new DeleteRolePolicyCommand({ RoleName: "sizes", PolicyName: "first" }));
    await put("second", 6_000);
    iam.destroy();
  });
});
