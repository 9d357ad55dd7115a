/** Which commands the chosen tools give. Tools on PATH need none: they are found there. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { versions } from "../versions.mjs";

/** @typedef {Record<string, import("../lib/bin-folder.mjs").Command>} Commands */
/** @typedef {import("../lib/choose-tool.mjs").ChosenTool} ChosenTool */

/** @type {Readonly<Record<string, (tool: ChosenTool, node: string) => Commands>>} */
const commandsOf = {
  node: ({ location }) => ({ node: { link: join(location, "bin/node") } }),
  pnpm: ({ location }, node) => ({ pnpm: { start: [node, join(location, "bin/pnpm.cjs")] } }),
  pulumi: pulumiCommands,
  "pulumi-language-nodejs": ({ location }, node) => ({
    "pulumi-language-nodejs": { start: [node, join(location, "language-host/main.mjs")] },
  }),
  "aws-provider": awsProviderCommands,
  ministack: ({ location }) => ({ ministack: { start: [join(location, "venv/bin/python"), "-m", "ministack"] } }),
  shellcheck: ({ location }) => ({ shellcheck: { link: join(location, "venv/bin/shellcheck") } }),
};

/**
 * @param {readonly ChosenTool[]} tools
 * @returns {Commands}
 */
export function commandsOfTools(tools) {
  const node = tools.find(({ name }) => name === "node");
  if (node === undefined) throw new Error("a toolchain has a node");
  const nodeProgram = node.kind === "path" ? node.location : join(node.location, "bin/node");
  const installed = tools.filter(({ kind }) => kind !== "path");
  return Object.assign({}, ...installed.map((tool) => commandsOf[tool.name]?.(tool, nodeProgram)));
}

/**
 * The official CLI finds its language hosts beside itself, through a symbolic link, too. For the one built here they lie
 * in the folder on PATH: the hard link makes that its own folder, else it would warn of a host "from $PATH".
 * @param {ChosenTool} tool
 * @returns {Commands}
 */
function pulumiCommands({ kind, location }) {
  if (kind !== "official") return { pulumi: { hardLink: join(location, "pulumi") } };
  const programs = readdirSync(location).filter((name) => name.startsWith("pulumi"));
  return Object.fromEntries(programs.map((name) => [name, { link: join(location, name) }]));
}

/**
 * Besides the command, the layout of an installed plugin, for a PULUMI_HOME of the project's own: what the engine finds
 * there it uses without the warning that it gives for a plugin "from $PATH". Pulumi reads the folder's name, so that is
 * the release's version, also for a provider built here.
 * @param {ChosenTool} tool
 * @returns {Commands}
 */
function awsProviderCommands({ location }) {
  const program = { link: join(location, "pulumi-resource-aws") };
  return {
    "pulumi-resource-aws": program,
    [`plugins/resource-aws-v${versions.awsProvider}/pulumi-resource-aws`]: program,
  };
}
