/** Packages of the Python registry, in a virtual environment of their own. */
import { join } from "node:path";
import { findExecutable, versionOf } from "../lib/executables.mjs";
import { runLogged } from "../lib/run-command.mjs";
import { ToolFault } from "../lib/tool-fault.mjs";
import { compareVersions, formatVersion, parseVersion } from "../lib/version-numbers.mjs";
import { required } from "../versions.mjs";

const candidates = ["python3", "python3.14", "python3.13", "python3.12", "python3.11"];

/**
 * Makes the virtual environment "venv" in the installation's folder. The folder is renamed afterwards, so its programs
 * must be started with `venv/bin/python -m`: console scripts name the old path.
 * @param {string} requirements a file of exact versions with hashes
 * @param {import("../lib/choose-tool.mjs").Installation} installation
 * @returns {Promise<void>}
 */
export async function installPythonPackages(requirements, { context, folder, log }) {
  const python = await findPython(context);
  const { env } = context;
  await runLogged([python, "-m", "venv", "venv"], {
    step: "making a Python virtual environment",
    log,
    folder,
    env,
    fix: "install Python's venv module (on Debian and Ubuntu: apt-get install python3-venv)",
  });
  const options = ["--disable-pip-version-check", "--no-input", "--only-binary=:all:", "--require-hashes"];
  await runLogged([join(folder, "venv/bin/python"), "-m", "pip", "install", ...options, "-r", requirements], {
    step: `installing ${requirements}`,
    log,
    folder,
    env,
    fix: "the Python package registry that pip is set to must be reachable: python3 -m pip config list",
  });
}

/** @param {import("../lib/choose-tool.mjs").SetUpContext} context @returns {Promise<string>} */
async function findPython({ env, folders }) {
  const lowest = parseVersion(required.python);
  const tooOld = [];
  for (const name of candidates) {
    const program = findExecutable(name, { path: env.PATH, except: folders.root });
    const version = program === undefined ? undefined : await versionOf(program, ["--version"], env);
    if (program === undefined || version === undefined || lowest === undefined) continue;
    if (compareVersions(version, lowest) >= 0) return program;
    tooOld.push(`${program} is ${formatVersion(version)}`);
  }
  throw new ToolFault(
    `Python >= ${required.python} is missing (the AWS emulator and shellcheck come from its registry)` +
      (tooOld.length === 0 ? "" : `: ${tooOld.join(", ")}`),
    { fix: "install python3 with your system's package manager and put it on PATH" },
  );
}
