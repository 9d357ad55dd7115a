import { expect } from "chai";
import { DATABASE_CA, daysUntil, POSTGRES_ENDS, POSTGRES_VERSIONS } from "@proliferate-infra/shared/aws/end-dates";
import { settingOf } from "@proliferate-infra/shared/settings/catalog";

const LEAD_DAYS = 90;

/** Each fails on a date, not by a change of the code: see the sources in end-dates.ts, and choose another default. */
describe("dates on which AWS ends something", () => {
  const now = new Date();

  it("are at least 90 days away for what is chosen by default", () => {
    const version = settingOf("dbEngineVersion").default?.shown as keyof typeof POSTGRES_ENDS;
    expect(daysUntil(POSTGRES_ENDS[version], now), `Postgres ${version}`).to.be.at.least(LEAD_DAYS);
    expect(daysUntil(DATABASE_CA.ends, now), DATABASE_CA.identifier).to.be.at.least(LEAD_DAYS);
  });

  it("have not passed for any version of Postgres that can be chosen", () => {
    const ended = POSTGRES_VERSIONS.filter((version) => daysUntil(POSTGRES_ENDS[version], now) < 0);
    expect(ended).to.deep.equal([]);
  });

  it("are counted in whole days", () => {
    expect(daysUntil("2027-02-28", new Date("2026-11-30T00:00:00Z"))).to.equal(90);
    expect(daysUntil("2027-02-28", new Date("2027-03-01T12:00:00Z"))).to.equal(-2);
  });
});
