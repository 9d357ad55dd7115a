/** The AWS emulator of the local environment and of the engine tests. */
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { installPythonPackages } from "../install-steps/python-environment.mjs";
import { findExecutable } from "../lib/executables.mjs";
import { ToolFault } from "../lib/tool-fault.mjs";
import { fits, formatVersion, parseVersion } from "../lib/version-numbers.mjs";
import { acceptedOnPath, versions } from "../versions.mjs";

const requirements = fileURLToPath(new URL("../python/ministack-requirements.txt", import.meta.url));
const printVersion = "import importlib.metadata; print(importlib.metadata.version('ministack'))";

/** @returns {import("../lib/choose-tool.mjs").Tool} its official home is the Python registry */
export function ministackTool() {
  return {
    name: "ministack",
    onPath: ministackOnPath,
    sources: [
      {
        kind: "registry",
        source: {
          version: versions.ministack,
          from: "Python package ministack",
          files: ["venv/bin/python"],
          ingredients: { files: [requirements], text: "" },
          install,
        },
      },
    ],
  };
}

/** The command has no option for its version; the Python that its first line names knows it. @param {import("../lib/choose-tool.mjs").SetUpContext} context */
async function ministackOnPath({ env, folders }) {
  const program = findExecutable("ministack", { path: env.PATH, except: folders.root });
  if (program === undefined) return undefined;
  const python = /^#!(\S+)\s*$/m.exec(readFileSync(program, "utf8").split("\n", 1)[0] ?? "")?.[1];
  const version = python === undefined ? undefined : await installedVersion(python);
  if (version === undefined || !fits(version, acceptedOnPath.ministack)) return undefined;
  return { program, version: formatVersion(version) };
}

/** @param {import("../lib/choose-tool.mjs").Installation} installation */
async function install(installation) {
  await installPythonPackages(requirements, installation);
  const version = await installedVersion(join(installation.folder, "venv/bin/python"));
  if (version === undefined || formatVersion(version) !== versions.ministack) {
    throw new ToolFault(`the ministack that was installed does not start (log: ${installation.log})`);
  }
}

/** @param {string} python */
async function installedVersion(python) {
  try {
    const { stdout } = await promisify(execFile)(python, ["-c", printVersion], { timeout: 10_000 });
    return parseVersion(stdout);
  } catch {
    return undefined;
  }
}
