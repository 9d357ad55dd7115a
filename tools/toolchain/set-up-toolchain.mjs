/** The order of a set-up: what is quick first, then what may have to be built. */
import { makeBinFolder } from "../lib/bin-folder.mjs";
import { chooseTool } from "../lib/choose-tool.mjs";
import { describeError, ToolFault } from "../lib/tool-fault.mjs";
import { awsProviderTool } from "./aws-provider.mjs";
import { commandsOfTools } from "./commands.mjs";
import { languageHostTool } from "./language-host.mjs";
import { ministackTool } from "./ministack.mjs";
import { nodeTool } from "./node.mjs";
import { pnpmTool } from "./pnpm.mjs";
import { pulumiTool } from "./pulumi.mjs";
import { shellcheckTool } from "./shellcheck.mjs";

/** @typedef {import("../lib/choose-tool.mjs").SetUpContext} SetUpContext */
/** @typedef {import("../lib/choose-tool.mjs").ChosenTool} ChosenTool */

/**
 * Makes sure that every tool is there.
 * @param {SetUpContext} context
 * @returns {Promise<import("../lib/bin-folder.mjs").Toolchain>}
 * @throws {ToolFault} naming all that is missing
 */
export async function setUpToolchain(context) {
  try {
    const quick = await chooseAll([nodeTool(context.platform), pnpmTool(), ministackTool(), shellcheckTool()], context);
    const [pulumi, provider] = await chooseAll([pulumiTool(context.platform), awsProviderTool()], context);
    const built = [pulumi, provider].filter((tool) => tool !== undefined);
    // Only the CLI's Go module comes without a language host.
    const host = pulumi?.kind === "registry" ? await chooseAll([languageHostTool()], context) : [];
    const tools = [...quick, ...built, ...host];
    return await makeBinFolder(tools, commandsOfTools(tools), context.folders);
  } finally {
    context.goCaches.remove();
  }
}

/**
 * Chooses tools at the same time and waits for all, so that the faults of all can be told at once.
 * @param {readonly import("../lib/choose-tool.mjs").Tool[]} tools
 * @param {SetUpContext} context
 * @returns {Promise<ChosenTool[]>}
 */
export async function chooseAll(tools, context) {
  const results = await Promise.allSettled(tools.map((tool) => chooseTool(tool, context)));
  const faults = results.filter((result) => result.status === "rejected").map(({ reason }) => reason);
  if (faults.length === 1) throw faults[0];
  if (faults.length > 1) throw new ToolFault(faults.map(describeError).join("\n\n"));
  return results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
}
