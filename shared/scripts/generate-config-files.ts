/** Writes what comes from the catalog: docs/configuration.md and stacks/<layer>/Pulumi.example.yaml. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { layers } from "../src/layers.ts";
import { configurationDocument, exampleConfiguration } from "../src/settings/documentation.ts";

const root = join(import.meta.dirname, "..", "..");
mkdirSync(join(root, "docs"), { recursive: true });
writeFileSync(join(root, "docs/configuration.md"), configurationDocument());
for (const { name, directory } of layers) {
  writeFileSync(join(root, directory, "Pulumi.example.yaml"), exampleConfiguration(name));
}
