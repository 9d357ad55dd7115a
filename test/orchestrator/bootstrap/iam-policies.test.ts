import { expect } from "chai";
import { environmentNames } from "@proliferate-infra/backend/environment/names";
import { iamPolicies } from "@proliferate-infra/orchestrator/bootstrap/iam-policies";
import type { IamStatement } from "@proliferate-infra/orchestrator/bootstrap/iam-statements";
import { actionsOf, detailsOf, lint, overlap } from "@proliferate-infra/testing/iam-linter";

const names = environmentNames("123456789012", "eu-west-1", "prod");
const BOUNDARY = "arn:aws:iam::123456789012:policy/boundary";
const roles = iamPolicies(names, "proliferate");
const bounded = iamPolicies(names, "proliferate", BOUNDARY);
const policies = Object.entries({ ...roles, "deploy with a boundary": bounded.deploy }).flatMap(([role, byName]) =>
  Object.entries(byName).map(([name, policy]) => ({ title: `${role}/${name}`, role, policy })),
);
const statementsOf = (role: "preview" | "deploy"): readonly IamStatement[] =>
  Object.values(roles[role]).flatMap(({ Statement }) => Statement);

describe("the roles' IAM policies", function () {
  // Reads AWS's lists of actions.
  this.timeout(30_000);

  for (const { title, policy } of policies) {
    it(`${title} passes the linter and is short enough`, async () => {
      expect(await lint(policy)).to.deep.equal([]);
      expect(JSON.stringify(policy).length).to.be.below(6144);
    });
  }

  it("never allow all actions, and only descriptions on all resources", async () => {
    for (const { Sid, Action, Resource } of [...statementsOf("preview"), ...statementsOf("deploy")]) {
      expect(
        Action.filter((action) => /^(\*|[\w-]+:\*)$/.test(action)),
        Sid,
      ).to.deep.equal([]);
      if (Resource.includes("*")) {
        const actions = (await Promise.all(Action.map(actionsOf))).flat();
        const writing = await withLevel(actions, "Write", "Tagging");
        const knowingNoResources: Readonly<Record<string, readonly string[]>> = {
          RetireTaskDefinitions: ["ecs:DeregisterTaskDefinition"],
          RequestCertificates: ["acm:RequestCertificate"],
        };
        expect(writing, Sid).to.deep.equal(knowingNoResources[Sid] ?? []);
      }
    }
  });

  it("let the preview role only read, and no secrets", async () => {
    const actions = (await Promise.all(statementsOf("preview").flatMap(({ Action }) => Action.map(actionsOf)))).flat();
    expect(actions).to.include.members(["s3:GetObject", "ec2:DescribeVpcs", "ecs:DescribeServices"]);
    // AWS counts decryption as writing, so this excludes kms:Decrypt too.
    expect(await withLevel(actions, "Write", "Tagging")).to.deep.equal([]);
    expect(actions).not.to.include.members(["secretsmanager:GetSecretValue"]);
  });

  it("let both roles read everything that the doctor checks", async () => {
    const lookedAt = [
      ...["s3:GetBucketVersioning", "s3:GetEncryptionConfiguration", "s3:GetBucketPublicAccessBlock"],
      ...["s3:ListBucket", "s3:GetObject", "dynamodb:DescribeTable"],
      "dynamodb:GetItem",
    ];
    for (const role of ["preview", "deploy"] as const) {
      const actions = await Promise.all(statementsOf(role).flatMap(({ Action }) => Action.map(actionsOf)));
      expect(actions.flat(), role).to.include.members(lookedAt);
    }
    const deploying = await Promise.all(statementsOf("deploy").flatMap(({ Action }) => Action.map(actionsOf)));
    expect(deploying.flat()).to.include.members(["kms:Decrypt", "secretsmanager:GetSecretValue"]);
  });

  it("let roles be passed only to the services that need them", () => {
    const passing = statementsOf("deploy").filter(({ Action }) => Action.includes("iam:PassRole"));
    expect(passing.map(({ Resource, Condition }) => [Resource, Condition])).to.deep.equal([
      [
        ["arn:aws:iam::123456789012:role/proliferate-flow-logs-*"],
        { StringEquals: { "iam:PassedToService": "vpc-flow-logs.amazonaws.com" } },
      ],
      [
        ["arn:aws:iam::123456789012:role/proliferate-postgres-*"],
        { StringEquals: { "iam:PassedToService": "monitoring.rds.amazonaws.com" } },
      ],
      [
        ["arn:aws:iam::123456789012:role/proliferate-*"],
        { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } },
      ],
    ]);
  });

  it("let the deploy role make and widen only roles with the permissions boundary, where there is one", () => {
    const needing = ["CreateRole", "PutRolePolicy", "AttachRolePolicy", "PutRolePermissionsBoundary"].map(
      (action) => `iam:${action}`,
    );
    const statements = Object.values(bounded.deploy).flatMap(({ Statement }) => Statement);
    const concerned = statements.filter(({ Action }) => Action.some((action) => needing.includes(action)));
    expect(concerned).to.have.length(5);
    for (const { Condition } of concerned) {
      expect(Condition?.StringEquals).to.deep.equal({ "iam:PermissionsBoundary": BOUNDARY });
    }
    expect(JSON.stringify(bounded)).not.to.contain("DeleteRolePermissionsBoundary");
    expect(JSON.stringify(roles)).not.to.contain("PermissionsBoundary");
  });

  it("allow changes only to the environment's roles", () => {
    for (const { Action, Resource } of statementsOf("deploy")) {
      if (Action.some((action) => action.startsWith("iam:"))) {
        for (const resource of Resource) {
          expect(resource).to.match(/:role\/(proliferate-|aws-service-role\/)/);
        }
      }
    }
  });

  it("allow access to state, lock item and key of one environment only", () => {
    const other = iamPolicies(environmentNames("123456789012", "eu-west-1", "staging"), "proliferate-staging");
    const own = JSON.stringify([roles.deploy.state, roles.preview.state]);
    const others = JSON.stringify([other.deploy.state, other.preview.state]);
    for (const part of ["eu-west-1/prod/*", "eu-west-1/prod/prod", "alias/proliferate-pulumi-prod"]) {
      expect(own).to.contain(part);
      expect(others).not.to.contain(part);
    }
    const lock = roles.deploy.state?.Statement.find(({ Sid }) => Sid === "Lock");
    expect(lock?.Condition).to.deep.equal({
      "ForAllValues:StringEquals": {
        "dynamodb:LeadingKeys": ["proliferate-pulumi-123456789012-eu-west-1/prod/prod"],
      },
      Null: { "dynamodb:LeadingKeys": "false" },
    });
  });

  it("use the partition of the region", () => {
    const inChina = JSON.stringify(iamPolicies(environmentNames("123456789012", "cn-north-1", "prod"), "proliferate"));
    expect(inChina).to.contain("arn:aws-cn:").and.not.to.contain("arn:aws:");
  });

  async function withLevel(actions: readonly string[], ...levels: readonly string[]): Promise<readonly string[]> {
    const details = await Promise.all(actions.map(detailsOf));
    return actions.filter((_, index) => levels.includes(details[index]?.accessLevel ?? ""));
  }
});

describe("the policy linter", () => {
  const statement: IamStatement = {
    Sid: "Read",
    Effect: "Allow",
    Action: ["s3:GetObject"],
    Resource: ["arn:aws:s3:::bucket/prefix/*"],
  };
  const findings = async (changes: Partial<IamStatement>) =>
    lint({ Version: "2012-10-17", Statement: [{ ...statement, ...changes }] });

  it("finds actions, resources and conditions that match nothing", async () => {
    expect(await findings({})).to.deep.equal([]);
    expect(await findings({ Action: ["s3:GetObjekt"] })).to.include("Read: s3:GetObjekt is not an action");
    expect(await findings({ Action: ["s4:GetObject"] })).to.include("Read: s4:GetObject is not an action");
    expect(await findings({ Resource: ["arn:aws:sqs:eu-west-1:1:queue"] })).to.have.length(2);
    expect(await findings({ Condition: { StringLike: { "s3:prefix": "a" } } })).to.deep.equal([
      "Read: s3:GetObject does not support the condition key s3:prefix",
    ]);
    expect(await findings({ Condition: { StringLike: { "aws:Nothing": "a" } } })).to.deep.equal([
      "Read: aws:Nothing is not a condition key",
    ]);
  });

  it("finds whether two patterns match a common text", () => {
    for (const [first, second, expected] of [
      ["a*", "*b", true],
      ["a*c", "ab*d", false],
      ["*/*", "vpc/*", true],
      ["", "*", true],
      ["a", "", false],
    ] as const) {
      expect(overlap(first, second), `${first} ${second}`).to.equal(expected);
      expect(overlap(second, first), `${second} ${first}`).to.equal(expected);
    }
  });
});
