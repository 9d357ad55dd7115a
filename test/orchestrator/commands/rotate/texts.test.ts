import { expect } from "chai";
import { NO_CHANGES, type LayerResult } from "@proliferate-infra/orchestrator/model/results";
import { doneText, stoppedText } from "@proliferate-infra/orchestrator/commands/rotate/texts";

const result = (layer: LayerResult["layer"], status: LayerResult["status"], durationMs = 1000): LayerResult => ({
  layer,
  status,
  durationMs,
  changes: NO_CHANGES,
  outputs: {},
});

describe("the end of a rotation", () => {
  it("lists which values each layer has when it stops, and the commands to continue and to go back", () => {
    const text = stoppedText(
      "prod",
      ["dbPassword"],
      [result("data", "succeeded"), result("secrets", "failed"), result("services", "blocked")],
    );
    expect(text.split("\n").slice(1, 4)).to.deep.equal([
      "  data: has the new values",
      "  secrets: failed; it has the new values or the old ones",
      "  services: has the old values",
    ]);
    expect(text).to.contain("scripts/deploy-all.sh --stack prod --from data");
    expect(text).to.contain("scripts/rotate-secret.sh --stack prod --back");
  });

  it("warns that tasks may run with old values when services stop", () => {
    const text = stoppedText(
      "prod",
      ["e2bApiKey"],
      [result("secrets", "succeeded"), result("services", "interrupted")],
    );
    expect(text).to.contain("services: interrupted; tasks that were not replaced run with the old values");
    expect(text).to.contain("--from secrets");
  });

  it("keeps the old token of Redis when it stops", () => {
    const text = stoppedText("prod", ["redisAuthToken"], [result("data", "failed")]);
    expect(text).to.contain("proliferate-data:redisAuthTokenUpdateStrategy SET --stack prod --cwd stacks/data");
    expect(stoppedText("prod", ["dbPassword"], [])).not.to.contain("Redis");
  });

  it("measures only the window of the database's password", () => {
    const results = [
      result("data", "succeeded", 40_000),
      result("secrets", "succeeded", 5_000),
      result("services", "succeeded", 80_000),
    ];
    expect(doneText(["dbPassword"], results)).to.contain("For at most 2m05s");
    expect(doneText(["e2bApiKey"], results)).not.to.contain("For at most");
  });

  it("asks to revoke credentials of third parties", () => {
    expect(doneText(["e2bApiKey", "dbPassword"], [])).to.contain("revoke the old values of e2bApiKey");
    expect(doneText(["dbPassword"], [])).not.to.contain("revoked");
  });
});
