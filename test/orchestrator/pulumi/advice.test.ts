import { expect } from "chai";
import { withAdvice } from "@proliferate-infra/orchestrator/pulumi/advice";

const refusal = (name: string, words: string) =>
  `1 error occurred:\n\t* creating Secrets Manager Secret (${name}): operation error Secrets Manager: CreateSecret, ` +
  `https response error StatusCode: 400, RequestID: 0a1b, ${words}`;
const RESERVED =
  "InvalidRequestException: You can't create this secret because a secret with this name is already scheduled for deletion.";
const EXISTS = "ResourceExistsException: The operation failed because the secret proliferate-worker already exists.";

describe("advice for failures of the engine", () => {
  it("prints how to free the name of a secret that is being deleted", () => {
    const text = withAdvice(refusal("proliferate-worker", RESERVED), "eu-west-1");
    expect(text).to.contain(RESERVED);
    expect(text).to.contain("restore-secret --secret-id proliferate-worker --region eu-west-1");
    expect(text).to.contain("delete-secret --secret-id proliferate-worker --region eu-west-1 --force-delete");
  });

  it("covers each secret once, and leaves out an unknown region", () => {
    const reasons = ["a-gateway", "a-worker", "a-worker"].map((name) => refusal(name, RESERVED));
    const text = withAdvice(reasons.join("\n"), undefined);
    expect(text.match(/restore-secret --secret-id \S+ &&/g)).to.deep.equal([
      "restore-secret --secret-id a-gateway &&",
      "restore-secret --secret-id a-worker &&",
    ]);
  });

  it("warns of a secret that another program created", () => {
    const text = withAdvice(refusal("proliferate-worker", EXISTS), "eu-west-1");
    expect(text).to.contain("another\nresourcePrefix");
    expect(text).not.to.contain("restore-secret");
  });

  it("does not change other reasons", () => {
    for (const reason of ["", "the bucket already exists", refusal("a", "AccessDenied"), `x\n${RESERVED}`]) {
      expect(withAdvice(reason, "eu-west-1")).to.equal(reason);
    }
  });
});
