import { KMSClient } from "@aws-sdk/client-kms";
import { expect } from "chai";
import { environmentNames } from "@proliferate-infra/backend/environment/names";
import { environmentKey, type KeyFacts } from "@proliferate-infra/orchestrator/bootstrap/key";
import { planResource } from "@proliferate-infra/orchestrator/bootstrap/state-resource";

describe("the plan for the environment's key", () => {
  const key = environmentKey(
    new KMSClient({ region: "eu-west-1" }),
    environmentNames("123456789012", "eu-west-1", "prod"),
  );
  const right: KeyFacts = {
    id: "1234",
    state: "Enabled",
    isSymmetric: true,
    hasAlias: true,
    rotates: true,
    tagNames: [],
  };
  const planOf = (changes: Partial<KeyFacts>) =>
    planResource(key, { status: "present", facts: { ...right, ...changes } });

  it("completes an interrupted set-up", () => {
    expect(planOf({}).action).to.equal("keep");
    expect(planOf({ hasAlias: false, rotates: false }).details).to.have.length(2);
    expect(planOf({ rotates: false })).to.deep.include({ action: "fix", details: ["change it once a year"] });
  });

  it("refuses a key that cannot be used", () => {
    for (const changes of [{ state: "Disabled" }, { state: "PendingDeletion" }, { isSymmetric: false }]) {
      expect(planOf(changes).action).to.equal("refuse");
    }
  });
});
