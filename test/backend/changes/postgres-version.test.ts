import { expect } from "chai";
import { versionChange, versionFaults } from "@proliferate-infra/backend/changes/postgres-version";
import { deployed } from "./deployed.ts";

const database = (version: string) => [
  deployed("aws:rds/instance:Instance", "postgres", {
    identifier: "app-postgres-1",
    engineVersion: "16",
    engineVersionActual: version,
  }),
];
const settings = (dbEngineVersion: string, applyChanges: "at-once" | "in-window" = "at-once") =>
  ({ stack: "prod", enableRds: true, dbEngineVersion, applyChanges }) as const;
const text = (...args: Parameters<typeof versionFaults>) =>
  versionFaults(...args)
    .map(({ message, fix }) => `${message}\n${fix}`)
    .join("\n");

describe("a major version of Postgres", () => {
  it("is no change when it runs, also with another minor version, or when there is no database", () => {
    expect(versionFaults(database("16.9"), settings("16"), false)).to.deep.equal([]);
    expect(versionFaults([], settings("17"), false)).to.deep.equal([]);
    expect(versionFaults(database("16.9"), { ...settings("17"), enableRds: false }, false)).to.deep.equal([]);
  });

  it("is refused without consent, with the downtime, the one way and the command", () => {
    expect(text(database("16.9"), settings("17"), false))
      .to.match(/from 16 to 17.*not available.*cannot be undone/s)
      .and.contain("./rollout up --stack prod --allow-upgrade");
    expect(versionFaults(database("16.9"), settings("17"), true)).to.deep.equal([]);
    expect(versionChange(database("16.9"), settings("17"))).to.deep.equal({
      instance: "app-postgres-1",
      from: 16,
      to: 17,
    });
  });

  it("is refused in the maintenance window even with consent, because the old parameter group could not be deleted", () => {
    expect(text(database("16.9"), settings("17", "in-window"), true)).to.contain("applyChanges=at-once");
  });

  it("is never lower than the one that runs", () => {
    expect(text(database("17.1"), settings("16"), true)).to.contain("dbEngineVersion=17");
  });
});
