/**
 * Checks that the Pulumi CLI, its language host for Node.js and its AWS provider are there, in versions that the layers work with.
 */
import { existsSync, readdirSync, readFileSync, realpathSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { satisfies, type SemVer } from "semver";
import { z } from "zod";
import { isProtected } from "@proliferate-infra/shared/settings/common-settings";
import { fullKey } from "@proliferate-infra/shared/settings/fault";
import { repositoryRoot } from "@proliferate-infra/backend/root";
import type { Fault } from "@proliferate-infra/backend/fault";
import { LOCAL_BUILDS_VARIABLE, localBuildFaults } from "@proliferate-infra/backend/local-builds";
import { findProgram, parseVersion, pulumiVersionAt, toolVersion } from "../pulumi/version.ts";
import type { Check } from "./check.ts";
import { report, type CheckReport } from "./finding.ts";

/** Versions of the tools; undefined for one that is missing or does not start. */
export interface ToolVersions {
  readonly pulumi: SemVer | undefined;
  readonly awsProvider: SemVer | undefined;
  /** It has no version of its own: it comes with the CLI, or from `tools/`. */
  readonly hasLanguageHost: boolean;
}

const FIX = "Use ./rollout, or: source scripts/env.sh <stack>";

/** Versions that the layers work with, as ranges of npm. */
const acceptedVersions = z
  .object({ engines: z.object({ pulumi: z.string(), "pulumi-resource-aws": z.string() }) })
  .parse(JSON.parse(readFileSync(join(repositoryRoot, "package.json"), "utf8"))).engines;

export const toolsCheck: Check = {
  name: "tools",
  run: async ({ subject: { env, environment }, files: { files } }) => {
    const isAnyProtected = files.some(({ layer, configuration }) =>
      isProtected(environment.stack, configuration.values.get(fullKey(layer, "protectResources"))?.text),
    );
    return judgeTools(await readToolVersions(env), isAnyProtected, env);
  },
};

/** What is wrong with the tools, for an environment that is protected or not. Pure. */
export function judgeTools(
  { pulumi, awsProvider, hasLanguageHost }: ToolVersions,
  isProtected: boolean,
  env: NodeJS.ProcessEnv,
): CheckReport {
  const host: Fault = { message: "pulumi-language-nodejs is neither beside pulumi nor on PATH.", fix: FIX };
  const localBuilds = isProtected
    ? localBuildFaults({ pulumi: pulumi?.raw, "pulumi-resource-aws": awsProvider?.raw })
    : [];
  const areAllowed = env[LOCAL_BUILDS_VARIABLE] === "true";
  return report(
    "tools",
    [
      ...versionFaults("The Pulumi CLI (pulumi)", pulumi, acceptedVersions.pulumi),
      ...(pulumi === undefined || hasLanguageHost ? [] : [host]),
      ...versionFaults("The AWS provider (pulumi-resource-aws)", awsProvider, acceptedVersions["pulumi-resource-aws"]),
      ...(areAllowed ? [] : localBuilds),
    ],
    areAllowed ? localBuilds : [],
  );
}

function versionFaults(what: string, version: SemVer | undefined, range: string): readonly Fault[] {
  if (version === undefined) {
    return [{ message: `${what} is not on PATH, or does not start.`, fix: FIX }];
  }
  return satisfies(version, range)
    ? []
    : [{ message: `${what} is ${version.version}; it must be ${range}.`, fix: FIX }];
}

/** Reads the versions of the tools that `env` finds. */
export async function readToolVersions(env: NodeJS.ProcessEnv): Promise<ToolVersions> {
  const pulumi = await findProgram("pulumi", env.PATH);
  const besidePulumi = pulumi === undefined ? "" : dirname(realpathSync(pulumi));
  const path = [besidePulumi, env.PATH].join(delimiter);
  const [cli, provider] = await Promise.all([
    pulumiVersionAt(pulumi, env),
    toolVersion(await findProgram("pulumi-resource-aws", env.PATH), "aws-provider", ["--version"], env),
  ]);
  return {
    pulumi: cli,
    awsProvider: provider ?? newestPlugin(env),
    hasLanguageHost: (await findProgram("pulumi-language-nodejs", path)) !== undefined,
  };
}

/** Version of the AWS provider among the plugins that the CLI has installed itself. Their folders are named by version. */
function newestPlugin({ PULUMI_HOME, HOME = "" }: NodeJS.ProcessEnv): SemVer | undefined {
  const folder = join(PULUMI_HOME ?? join(HOME, ".pulumi"), "plugins");
  const names = existsSync(folder) ? readdirSync(folder) : [];
  const versions = names.filter((name) => /^resource-aws-v[\d.]+$/.test(name)).map(parseVersion);
  return (
    versions.find((version) => version !== undefined && satisfies(version, acceptedVersions["pulumi-resource-aws"])) ??
    versions[0]
  );
}
