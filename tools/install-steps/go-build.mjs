/** Programs built from Go modules. */
import { findExecutable, versionOf } from "../lib/executables.mjs";
import { runLogged } from "../lib/run-command.mjs";
import { ToolFault } from "../lib/tool-fault.mjs";
import { compareVersions, formatVersion, parseVersion } from "../lib/version-numbers.mjs";
import { required } from "../versions.mjs";

/**
 * Part of a built program's cache key, because they change what comes out: no paths, no debug data, and no inlining,
 * which is a third of the compiler's time and matters little to programs that mostly wait for answers.
 */
export const buildFlags = ["-trimpath", "-buildvcs=false", "-gcflags=all=-dwarf=false -l"];

/**
 * @param {{ tool: string, module: string, packageName: string, output: string, variables: Record<string, string> }} build
 *   `module`: folder with go.mod; `variables`: Go variables to set
 * @param {import("../lib/choose-tool.mjs").Installation} installation
 * @returns {Promise<void>}
 */
export async function buildGoProgram({ tool, module, packageName, output, variables }, installation) {
  const settings = Object.entries(variables).map(([name, value]) => `-X ${name}=${value}`);
  const linkerFlags = ["-s", "-w", ...settings].join(" ");
  await runGo(["build", ...buildFlags, "-ldflags", linkerFlags, "-o", output, packageName], installation, {
    tool,
    module,
  });
}

/**
 * @param {readonly string[]} parameters of the go command
 * @param {import("../lib/choose-tool.mjs").Installation} installation
 * @param {{ tool: string, module: string }} where
 * @returns {Promise<void>}
 */
export async function runGo(parameters, { context, log, whyNotOfficial }, { tool, module }) {
  const go = await findGo(tool, context, whyNotOfficial);
  await runLogged([go, ...parameters], {
    step: `go ${parameters[0]} for the ${tool}`,
    log,
    folder: module,
    env: context.goCaches.environment(context.env),
    fix: "the Go module proxy must be reachable (go env GOPROXY) and 8 GB of the cache's disk be free for a time",
  });
}

/**
 * @param {string} tool
 * @param {import("../lib/choose-tool.mjs").SetUpContext} context
 * @param {string | undefined} whyNotOfficial
 * @returns {Promise<string>}
 */
async function findGo(tool, { env, folders }, whyNotOfficial) {
  const program = findExecutable("go", { path: env.PATH, except: folders.root });
  const found =
    program === undefined ? undefined : await versionOf(program, ["version"], { ...env, GOTOOLCHAIN: "local" });
  const lowest = parseVersion(required.go);
  if (program !== undefined && found !== undefined && lowest !== undefined && compareVersions(found, lowest) >= 0) {
    return program;
  }
  const has = found === undefined ? "there is none on PATH" : `${program} is ${formatVersion(found)}`;
  const why = whyNotOfficial === undefined ? "" : ` because its official download was not used (${whyNotOfficial})`;
  throw new ToolFault(`Go >= ${required.go} is missing (${has}); the ${tool} must be built from its Go module${why}`, {
    fix: "install Go from https://go.dev/dl/ and put it on PATH, or make the official download reachable",
  });
}
