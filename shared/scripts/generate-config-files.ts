/** Writes what comes from the catalog: docs/configuration.md, parts of docs/getting-started.md and docs/operations.md, stacks/<layer>/settings.example.yaml. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { layers } from "../src/layers.ts";
import { configurationDocument, exampleConfiguration } from "../src/settings/documentation.ts";
import { withEffects } from "../src/settings/effects-document.ts";
import { withRequiredSettings } from "../src/settings/getting-started.ts";

const root = join(import.meta.dirname, "..", "..");
mkdirSync(join(root, "docs"), { recursive: true });
writeFileSync(join(root, "docs/configuration.md"), configurationDocument());
for (const [name, update] of [
  ["docs/getting-started.md", withRequiredSettings],
  ["docs/operations.md", withEffects],
] as const) {
  const path = join(root, name);
  writeFileSync(path, update(readFileSync(path, "utf8")));
}
for (const { name, directory } of layers) {
  writeFileSync(join(root, directory, "settings.example.yaml"), exampleConfiguration(name));
}
