/** This project's own Node.js language host, for a Pulumi CLI that was built from its Go module. */
import { cpSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { versions } from "../versions.mjs";

const sources = fileURLToPath(new URL("../language-host", import.meta.url));

/** @returns {import("../lib/choose-tool.mjs").Tool} a copy in the cache: a checkout may vanish while others use it */
export function languageHostTool() {
  return {
    name: "pulumi-language-nodejs",
    sources: [
      {
        kind: "project",
        source: {
          version: versions.pulumi,
          from: "this project",
          files: ["language-host/main.mjs"],
          ingredients: { files: [sources], text: "" },
          install: async ({ folder }) => cpSync(sources, join(folder, "language-host"), { recursive: true }),
        },
      },
    ],
  };
}
