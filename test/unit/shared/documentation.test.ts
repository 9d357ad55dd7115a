import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import { layers } from "@proliferate-infra/shared/layers";
import { keysOf } from "@proliferate-infra/shared/settings/catalog";
import { configurationDocument, exampleConfiguration } from "@proliferate-infra/shared/settings/documentation";
import { readSettings } from "@proliferate-infra/shared/settings/read-settings";

const root = join(import.meta.dirname, "../../..");

describe("generated configuration files", () => {
  it("docs/configuration.md is current (else run pnpm generate)", () => {
    expect(readFileSync(join(root, "docs/configuration.md"), "utf8")).to.equal(configurationDocument());
  });

  for (const { name, directory } of layers) {
    it(`${directory}/Pulumi.example.yaml is current and names every key`, () => {
      const text = readFileSync(join(root, directory, "Pulumi.example.yaml"), "utf8");
      expect(text).to.equal(exampleConfiguration(name));
      for (const key of keysOf(name)) {
        expect(text).to.contain(`proliferate-${name}:${key}`);
      }
    });

    it(`${directory}/Pulumi.example.yaml lacks nothing but secrets`, () => {
      const { config } = parse(exampleConfiguration(name)) as { config: Record<string, unknown> };
      const values = new Map(
        Object.entries(config).map(([key, value]) => [key, { text: String(value), secret: false }]),
      );
      const { faults } = readSettings({ layer: name, stack: "prod", values });
      expect(faults.filter(({ command }) => !command.includes("--secret"))).to.deep.equal([]);
    });
  }
});
