import { expect } from "chai";
import { dataContract } from "@proliferate-infra/shared/contracts/data-outputs";
import { valueOf } from "@proliferate-infra/testing/recording-mocks";
import { protectedNames, recordData, tlsAndToken } from "./recorded-data.ts";

const databaseUrlOverride = "postgres://app:secret@elsewhere.example.com/app?sslmode=verify-full";

describe("data layer", () => {
  it("exports the contract's outputs in every variant", async () => {
    for (const changes of [{}, tlsAndToken, { enableRds: "false", databaseUrlOverride, dbPassword: undefined }]) {
      const { result } = await recordData(changes);
      const { error } = dataContract
        .schema({ region: "us-east-1" })
        .strict()
        .safeParse(await valueOf(result));
      expect(error, Object.keys(changes).join()).to.equal(undefined);
    }
  });

  it("gives every resource the explicit provider and one root component", async () => {
    for (const changes of [{}, tlsAndToken]) {
      const { recording } = await recordData(changes);
      const resources = recording.resources.filter(({ type }) => type.startsWith("aws:"));
      expect(resources).to.have.length(6);
      for (const { name, type, provider } of resources) {
        expect(provider, `${type} ${name}`).to.match(/pulumi:providers:aws::aws::/);
      }
      expect(recording.only("proliferate:data:DataLayer").name).to.equal("data");
    }
  });

  it("starts every name with the environment's prefix", async () => {
    for (const changes of [{}, tlsAndToken]) {
      const { recording } = await recordData({ ...changes, resourcePrefix: "proliferate-staging" });
      // Everything is auto-named, so its physical name begins with the logical one.
      for (const { name } of recording.resources.filter(({ type }) => type.startsWith("aws:"))) {
        expect(name).to.match(/^proliferate-staging-(redis|postgres)$/);
      }
    }
  });

  it("protects the servers, except where the setting is off", async () => {
    for (const changes of [{}, tlsAndToken]) {
      const { recording } = await recordData(changes);
      expect(protectedNames(recording)).to.have.members(["proliferate-redis", "proliferate-postgres"]);
      expect(protectedNames((await recordData(changes, "dev-ann")).recording)).to.deep.equal([]);
      const { recording: open } = await recordData({ ...changes, protectResources: "false" });
      expect(protectedNames(open)).to.deep.equal([]);
    }
  });
});
