import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import { layers } from "@proliferate-infra/shared/layers";
import { catalog, keysOf, settingNamed, settingOf } from "@proliferate-infra/shared/settings/catalog";
import {
  configurationDocument,
  exampleConfiguration,
  PRODUCTION_HEADING,
  productionProfile,
} from "@proliferate-infra/shared/settings/documentation";
import { withEffects } from "@proliferate-infra/shared/settings/effects-document";
import { withRequiredSettings } from "@proliferate-infra/shared/settings/getting-started";
import { readSettings } from "@proliferate-infra/shared/settings/read-settings";
import { sampleConfiguration } from "@proliferate-infra/testing/sample-configuration";
import { repositoryRoot as root } from "@proliferate-infra/backend/root";

describe("generated configuration files", () => {
  it("docs/configuration.md is current; pnpm generate updates it", () => {
    expect(readFileSync(join(root, "docs/configuration.md"), "utf8")).to.equal(configurationDocument());
  });

  it("docs/getting-started.md is current: it lists settings to provide, without generated ones", () => {
    const text = readFileSync(join(root, "docs/getting-started.md"), "utf8");
    expect(withRequiredSettings(text)).to.equal(text);
    expect(text).to.contain("`anthropicApiKey` (secret)").and.not.contain("gatewayJwtSecret");
    expect(() => withRequiredSettings("no marks")).to.throw("marks");
  });

  it("docs/operations.md is current: it has every key with the effect of a change", () => {
    const text = readFileSync(join(root, "docs/operations.md"), "utf8");
    expect(withEffects(text)).to.equal(text);
    for (const key of Object.keys(catalog)) {
      expect(text).to.contain(`\`${key}\``);
    }
  });

  for (const { name, directory } of layers) {
    it(`${directory}/settings.example.yaml is current and names every key`, () => {
      const text = readFileSync(join(root, directory, "settings.example.yaml"), "utf8");
      expect(text).to.equal(exampleConfiguration(name));
      for (const key of keysOf(name)) {
        expect(text).to.contain(`proliferate-${name}:${key}`);
      }
    });

    it(`${directory}/settings.example.yaml has a production profile that is valid with the other settings`, () => {
      const [, profile = ""] = exampleConfiguration(name).split(`# ${PRODUCTION_HEADING}\n`);
      const uncommented = profile.replaceAll(/^ {2}# (?!pulumi)/gm, "");
      const config = (parse(uncommented) ?? {}) as Readonly<Record<string, unknown>>;
      const { values } = sampleConfiguration(name, { redisAuthToken: "0123456789abcdef" }, "prod");
      const both = new Map(values);
      for (const [key, value] of Object.entries(config)) {
        both.set(key, { text: String(value), secret: false });
      }
      // The example has only this layer's part of the profile.
      const own = keysOf(name).filter((key) => productionProfile[key] !== undefined && !settingOf(key).secret);
      expect(Object.keys(config)).to.deep.equal(own.map((key) => `proliferate-${name}:${key}`));
      expect(readSettings({ layer: name, stack: "prod", values: both }).faults).to.deep.equal([]);
    });

    it(`${directory}/settings.example.yaml lacks only secrets`, () => {
      const { config } = parse(exampleConfiguration(name)) as { config: Record<string, unknown> };
      const values = new Map(
        Object.entries(config).map(([key, value]) => [key, { text: String(value), secret: false }]),
      );
      const { faults } = readSettings({ layer: name, stack: "prod", values });
      const plain = faults.filter(({ key }) => {
        const setting = settingNamed(key);
        return setting === undefined || !settingOf(setting).secret;
      });
      expect(plain).to.deep.equal([]);
    });
  }
});
