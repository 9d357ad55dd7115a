/** pnpm, which installs the project's own packages. */
import { installNpmPackage } from "../install-steps/npm-package.mjs";
import { acceptedOnPath, pnpmPackage } from "../versions.mjs";
import { fittingOnPath } from "./on-path.mjs";

/** @returns {import("../lib/choose-tool.mjs").Tool} pnpm's official home is the npm registry */
export function pnpmTool() {
  return {
    name: "pnpm",
    onPath: (context) => fittingOnPath("pnpm", ["--version"], acceptedOnPath.pnpm, context),
    sources: [
      {
        kind: "registry",
        source: {
          version: pnpmPackage.version,
          from: "npm package pnpm",
          files: ["bin/pnpm.cjs"],
          ingredients: { files: [], text: pnpmPackage.integrity },
          install: (installation) => installNpmPackage(pnpmPackage, installation),
        },
      },
    ],
  };
}
