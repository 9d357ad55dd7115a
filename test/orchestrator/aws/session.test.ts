import { expect } from "chai";
import { UserError } from "@proliferate-infra/backend/errors";
import { withAwsFaults } from "@proliferate-infra/orchestrator/aws/session";
import { failureOf } from "@proliferate-infra/testing/failure";

describe("errors of AWS in commands that work on the account", () => {
  const place = { stack: "prod", region: "eu-west-1" };
  const failing = (error: Error) => failureOf(withAwsFaults(place, () => Promise.reject(error)));

  it("are user errors with the advice for them", async () => {
    const denied = "User: arn:aws:iam::111122223333:user/ann is not authorized to perform: s3:CreateBucket";
    const error = await failing(Object.assign(new Error(denied), { name: "AccessDenied", $fault: "client" }));
    expect(error).to.be.instanceOf(UserError);
    expect(error.message).to.contain(denied).and.contain("setup --print-iam --stack prod");
  });

  it("stay as they are when they are not of AWS", async () => {
    const bug = new TypeError("a bug");
    expect(await failing(bug)).to.equal(bug);
  });
});
