import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import { layers } from "@proliferate-infra/shared/layers";
import { keysOf } from "@proliferate-infra/shared/settings/catalog";
import { configurationDocument, exampleConfiguration } from "@proliferate-infra/shared/settings/documentation";
import { withThingsAtHand } from "@proliferate-infra/shared/settings/getting-started";
import { readSettings } from "@proliferate-infra/shared/settings/read-settings";

const root = join(import.meta.dirname, "../../..");

describe("generated configuration files", () => {
  it("docs/configuration.md is current (else run pnpm generate)", () => {
    expect(readFileSync(join(root, "docs/configuration.md"), "utf8")).to.equal(configurationDocument());
  });

  it("docs/getting-started.md is current, and names what must be at hand but nothing that is made up", () => {
    const text = readFileSync(join(root, "docs/getting-started.md"), "utf8");
    expect(withThingsAtHand(text)).to.equal(text);
    expect(text).to.contain("`anthropicApiKey` (secret)").and.not.contain("gatewayJwtSecret");
    expect(() => withThingsAtHand("no marks")).to.throw("lacks the marks");
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
