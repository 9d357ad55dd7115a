import { expect } from "chai";
import { endOfSupport } from "@proliferate-infra/orchestrator/checks/end-of-support";

describe("the warning of versions that AWS soon no longer supports", () => {
  const database = { stack: "prod", enableRds: true, dbEngineVersion: "14" } as const;

  it("has the date and the command that upgrades, half a year before", () => {
    const [found, ...others] = endOfSupport(database, new Date("2026-09-15"));
    expect(others).to.deep.equal([]);
    expect(found?.message).to.contain("Postgres 14").and.to.contain("2027-02-28");
    expect(found?.fix).to.contain("./rollout configure set dbEngineVersion=").and.to.contain("--stack prod");
  });

  it("is silent earlier, for other versions and without RDS", () => {
    expect(endOfSupport(database, new Date("2026-08-01"))).to.deep.equal([]);
    expect(endOfSupport({ ...database, dbEngineVersion: "16" }, new Date("2026-09-15"))).to.deep.equal([]);
    expect(endOfSupport({ ...database, enableRds: false }, new Date("2026-09-15"))).to.deep.equal([]);
  });
});
