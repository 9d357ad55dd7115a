/**
 * Whether Pulumi's CLI, its host for Node.js and its AWS provider are there, in versions that these layers work with.
 */
import { existsSync, readdirSync, realpathSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { findExecutable } from "@proliferate-infra/tools/lib/executables.mjs";
import { fits, formatVersion, parseVersion, type Version } from "@proliferate-infra/tools/lib/version-numbers.mjs";
import { acceptedOnPath } from "@proliferate-infra/tools/versions.mjs";
import type { Fault } from "@proliferate-infra/backend/fault";
import { pulumiVersionAt, toolVersion } from "../pulumi/version.ts";
import { report, type CheckReport } from "./finding.ts";

/** Versions as found; undefined for what is missing or does not start. */
export interface ToolVersions {
  readonly pulumi: Version | undefined;
  readonly awsProvider: Version | undefined;
  /** It has the CLI's version: it comes with it, or is this project's own. */
  readonly hasLanguageHost: boolean;
}

const FIX = "Use the scripts of scripts/, or: source scripts/lib/toolchain.sh && use_toolchain";

/** What is wrong with the tools. Pure. */
export function judgeTools({ pulumi, awsProvider, hasLanguageHost }: ToolVersions): CheckReport {
  const host: Fault = { message: "pulumi-language-nodejs is neither beside pulumi nor on PATH.", fix: FIX };
  return report("tools", [
    ...versionFaults("The Pulumi CLI (pulumi)", pulumi, acceptedOnPath.pulumi),
    ...(pulumi === undefined || hasLanguageHost ? [] : [host]),
    ...versionFaults("The AWS provider (pulumi-resource-aws)", awsProvider, acceptedOnPath.awsProvider),
  ]);
}

function versionFaults(
  what: string,
  version: Version | undefined,
  range: { readonly from: string; readonly below: string },
): readonly Fault[] {
  if (version === undefined) {
    return [{ message: `${what} is not on PATH, or does not start.`, fix: FIX }];
  }
  const message = `${what} is ${formatVersion(version)}; it must be at least ${range.from} and below ${range.below}.`;
  return fits(version, range) ? [] : [{ message, fix: FIX }];
}

/** Looks at the tools that `env` leads to. */
export async function readToolVersions(env: NodeJS.ProcessEnv): Promise<ToolVersions> {
  const pulumi = findExecutable("pulumi", { path: env.PATH });
  const besidePulumi = pulumi === undefined ? "" : dirname(realpathSync(pulumi));
  const path = [besidePulumi, env.PATH].join(delimiter);
  const [cli, provider] = await Promise.all([
    pulumiVersionAt(pulumi, env),
    toolVersion(findExecutable("pulumi-resource-aws", { path: env.PATH }), "aws-provider", ["--version"], env),
  ]);
  return {
    pulumi: cli,
    awsProvider: provider ?? newestPlugin(env),
    hasLanguageHost: findExecutable("pulumi-language-nodejs", { path }) !== undefined,
  };
}

/** The AWS provider among the plugins that the CLI has installed for itself, in folders named by version. */
function newestPlugin({ PULUMI_HOME, HOME = "" }: NodeJS.ProcessEnv): Version | undefined {
  const folder = join(PULUMI_HOME ?? join(HOME, ".pulumi"), "plugins");
  const names = existsSync(folder) ? readdirSync(folder) : [];
  const versions = names.filter((name) => /^resource-aws-v[\d.]+$/.test(name)).map(parseVersion);
  return versions.find((version) => version !== undefined && fits(version, acceptedOnPath.awsProvider)) ?? versions[0];
}
