import { expect } from "chai";
import { withCurrentNames } from "@proliferate-infra/orchestrator/commands/configure/former-names";

describe("names of the single project in the arguments of configure", () => {
  it("are accepted, and the new names are printed", () => {
    const { args, notes } = withCurrentNames([
      "proliferate-infra:appUrl=https://x.example/?a=proliferate-infra:b",
      "proliferate-infra:dbPassword",
      "proliferate-infra:anthropicApiKey=@/a=b",
      "natGateways=single",
    ]);
    expect(args).to.deep.equal([
      "appUrl=https://x.example/?a=proliferate-infra:b",
      "dbPassword",
      "anthropicApiKey=@/a=b",
      "natGateways=single",
    ]);
    expect(notes).to.deep.equal([
      "proliferate-infra:appUrl is now appUrl",
      "proliferate-infra:dbPassword is now dbPassword",
      "proliferate-infra:anthropicApiKey is now anthropicApiKey",
    ]);
  });

  it("may be several settings now", () => {
    const { args, notes } = withCurrentNames(["proliferate-infra:imageTag=v1"]);
    expect(args).to.deep.equal(["gatewayImageTag=v1", "llmProxyImageTag=v1", "workerImageTag=v1"]);
    expect(notes).to.have.length(1);
  });

  it("that never existed are reported without a possible secret", () => {
    const { args, notes } = withCurrentNames(["proliferate-infra:gone=canary"]);
    expect(args).to.deep.equal(["gone=canary"]);
    expect(notes).to.deep.equal([]);
  });
});
