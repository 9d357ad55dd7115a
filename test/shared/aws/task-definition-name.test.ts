import { expect } from "chai";
import { familyOf, revisionOf, taskDefinitionName } from "@proliferate-infra/shared/aws/task-definition-name";

describe("names of task definitions", () => {
  const name = "proliferate-llm-proxy:12";
  for (const text of [`arn:aws-us-gov:ecs:us-gov-east-1:123456789012:task-definition/${name}`, name]) {
    it(`are read from ${text}`, () => {
      expect([taskDefinitionName(text), familyOf(text), revisionOf(text)]).to.deep.equal([
        name,
        "proliferate-llm-proxy",
        12,
      ]);
    });
  }

  it("may have no revision", () => {
    expect([familyOf("app"), revisionOf("app")]).to.deep.equal(["app", Number.NaN]);
  });
});
