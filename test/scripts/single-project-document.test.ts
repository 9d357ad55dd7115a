import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { repositoryRoot } from "@proliferate-infra/backend/root";
import { settingNamed, settingOf } from "@proliferate-infra/shared/settings/catalog";
import { readSettings } from "@proliferate-infra/shared/settings/read-settings";
import { sampleConfiguration } from "@proliferate-infra/testing/sample-configuration";

const text = readFileSync(join(repositoryRoot, "docs/from-the-single-project.md"), "utf8");
/** Names of the single project that the document explains. */
const gone = ["imageTag", "llmProxy", "worker"];

/** Settings of each row of the table of settings, and the layers that the row names. */
const rows = [...text.matchAll(/^\| (`.*`.*?) \| ((?:network|data|secrets|services)[a-z, ]*?) +\|$/gm)].map(
  ([, names = "", layers = ""]) => ({
    keys: [...names.matchAll(/`(\w+)`/g)].map(([, key = ""]) => key).filter((key) => !gone.includes(key)),
    layers: layers.split(", "),
  }),
);

describe("docs/from-the-single-project.md", () => {
  it("has each setting in the layers that the catalog gives it", () => {
    expect(rows).to.have.length.above(15);
    for (const { keys, layers } of rows) {
      for (const key of keys) {
        const known = settingNamed(key);
        expect(known === undefined ? [] : settingOf(known).layers, key).to.deep.equal(layers);
      }
    }
  });

  it("names no setting that does not exist", () => {
    const names = [...text.matchAll(/`((?:gateway|llmProxy|worker|db|redis|s3|protect|resource|vpc)\w+)`/g)];
    const unknown = names.map(([, name = ""]) => name).filter((name) => settingNamed(name) === undefined);
    expect(unknown.filter((name) => !gone.includes(name))).to.deep.equal([]);
  });

  it("lists new required settings", () => {
    for (const [layer, key] of [
      ["secrets", "gatewayJwtSecret"],
      ["services", "appUrl"],
      ["services", "s3Bucket"],
    ] as const) {
      const { faults } = readSettings(sampleConfiguration(layer, { [key]: undefined }));
      expect(faults.map((fault) => fault.key)).to.include(key);
      expect(text).to.match(new RegExp(`^\\| \`${key}\` `, "m"));
    }
  });
});
