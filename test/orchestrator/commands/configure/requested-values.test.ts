import { expect } from "chai";
import {
  readNames,
  readPairs,
  readSecretOptions,
} from "@proliferate-infra/orchestrator/commands/configure/requested-values";

describe("what the arguments of configure ask for", () => {
  it("is parsed as key=value; the value may be empty or contain equals signs", () => {
    const { values, faults } = readPairs(["appUrl=https://x.example/?a=b", "dbAllowedCidrs="], "prod");
    expect(faults).to.deep.equal([]);
    expect([...values]).to.deep.equal([
      ["appUrl", "https://x.example/?a=b"],
      ["dbAllowedCidrs", ""],
    ]);
  });

  it("is refused with all errors together, without a possible secret", () => {
    const { faults } = readPairs(
      ["dbPassword=canary-1", "no-sign-canary-2", "appurl=canary-3", "unknown-canary-4=5", "appUrl=a", "appUrl=b"],
      "prod",
    );
    const text = faults.join("\n");
    expect(faults).to.have.length(5);
    expect(text).not.to.contain("canary");
    expect(text).to.contain("scripts/configure.sh set --stack prod --secret dbPassword=@FILE");
    expect(text).to.contain("did you mean appUrl?").and.contain("appUrl is given twice");
  });

  it("reads one secret from standard input, others from files", () => {
    expect(readSecretOptions(["dbPassword", "anthropicApiKey=@/a=b"], "prod").values).to.deep.equal([
      { key: "dbPassword", file: undefined },
      { key: "anthropicApiKey", file: "/a=b" },
    ]);
    const { faults } = readSecretOptions(["dbPassword", "e2bApiKey", "appUrl", "e2bApiKey=@f"], "prod");
    expect(faults.join("\n"))
      .to.contain("appUrl is no secret")
      .and.contain("e2bApiKey is given twice")
      .and.contain("Standard input holds one secret, but dbPassword, e2bApiKey need it");
  });

  it("refuses a secret's value behind --secret without repeating it", () => {
    const { faults } = readSecretOptions(["dbPassword=canary"], "prod");
    expect(faults.join("\n")).to.contain("--secret dbPassword=@FILE").and.not.contain("canary");
  });

  it("removes keys, and unknown names in the files", () => {
    const { values, faults } = readNames(["appUrl", "vpcCdir", "apUrl"], new Set(["vpcCdir"]));
    expect(values).to.deep.equal(["appUrl", "vpcCdir"]);
    expect(faults).to.deep.equal(["Argument 3 names the key apUrl; did you mean appUrl?"]);
  });
});
