/** Writes what comes from the catalog: docs/configuration.md, a part of docs/getting-started.md, stacks/<layer>/settings.example.yaml. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { layers } from "../src/layers.ts";
import { configurationDocument, exampleConfiguration } from "../src/settings/documentation.ts";
import { withRequiredSettings } from "../src/settings/getting-started.ts";

const root = join(import.meta.dirname, "..", "..");
mkdirSync(join(root, "docs"), { recursive: true });
writeFileSync(join(root, "docs/configuration.md"), configurationDocument());
const gettingStarted = join(root, "docs/getting-started.md");
writeFileSync(gettingStarted, withRequiredSettings(readFileSync(gettingStarted, "utf8")));
for (const { name, directory } of layers) {
  writeFileSync(join(root, directory, "settings.example.yaml"), exampleConfiguration(name));
}
