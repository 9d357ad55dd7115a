import { expect } from "chai";
import { UserError } from "@proliferate-infra/backend/errors";
import { digestOf, newestTags, registryLogin } from "@proliferate-infra/orchestrator/aws/ecr";
import { repositoryOf } from "@proliferate-infra/orchestrator/aws/repository";
import { withVariables } from "@proliferate-infra/testing/process-variables";

describe("calls to ECR", () => {
  const repository = repositoryOf("123456789012.dkr.ecr.us-east-1.amazonaws.com/app");
  let restore: () => void;
  before(() => {
    // Nothing listens on port 1.
    const endpoint = { AWS_ENDPOINT_URL: "http://127.0.0.1:1", AWS_MAX_ATTEMPTS: "1" };
    restore = withVariables({ ...endpoint, AWS_ACCESS_KEY_ID: "none", AWS_SECRET_ACCESS_KEY: "none" });
  });
  after(() => {
    restore();
  });

  const calls: readonly (readonly [string, () => Promise<unknown>])[] = [
    ["ecr:DescribeImages", () => digestOf(repository, "v1")],
    ["ecr:DescribeImages", () => newestTags(repository)],
    ["ecr:GetAuthorizationToken", () => registryLogin("us-east-1")],
  ];
  for (const [permission, call] of calls) {
    it(`that fail are an error for people with the call's name, ${permission}`, async () => {
      const error: unknown = await call().catch((reason: unknown) => reason);
      expect(error).to.be.instanceOf(UserError);
      expect(String(error)).to.include(permission);
    });
  }
});
