/**
 * The Pulumi CLI and AWS provider that `tools/` has built from Go modules on this machine. Protected environments need the
 * official programs: docs/decisions/0018-official-tools-for-protected-environments.md.
 */
import { existsSync, readFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { z } from "zod";
import type { Fault } from "./fault.ts";

/** Variable that, set to `true`, lets this machine deploy protected environments with such programs. */
export const LOCAL_BUILDS_VARIABLE = "PROLIFERATE_INFRA_ALLOW_LOCAL_BUILDS";

/** Ends the version of such a program, such as `7.48.0+local`. */
const MARK = "+local";

const toolchainSchema = z.object({ tools: z.array(z.object({ name: z.string(), version: z.string() })) });

/**
 * Returns the version that the toolchain of scripts/lib/toolchain.sh has recorded in the folder of `program`, which it calls
 * `name`; undefined for a program of another folder.
 */
export function recordedVersion(program: string, name: string): string | undefined {
  const record = join(dirname(program), "toolchain.json");
  const written = existsSync(record) ? toolchainSchema.safeParse(JSON.parse(readFileSync(record, "utf8"))) : undefined;
  return written?.data?.tools.find((tool) => tool.name === name)?.version;
}

/** Returns a fault for each program whose version says that it was built on this machine. */
export function localBuildFaults(versions: Readonly<Record<string, string | undefined>>): readonly Fault[] {
  return Object.entries(versions)
    .filter(([, version]) => version?.endsWith(MARK) === true)
    .map(([program, version]) => ({
      message: `${program} ${version} was built on this machine; a protected environment needs the official one.`,
      fix:
        "Let this machine reach https://get.pulumi.com (HTTPS_PROXY, AWS_CA_BUNDLE), then: node tools/set-up.mjs\n" +
        `Where that cannot be: export ${LOCAL_BUILDS_VARIABLE}=true`,
    }));
}

/** Returns the faults of the CLI and provider that PATH leads to, as far as the toolchain has recorded their versions. */
export function localBuildsOnPath({ PATH = "" }: NodeJS.ProcessEnv): readonly Fault[] {
  const recorded = (program: string, name: string) => {
    const paths = PATH.split(delimiter).map((folder) => join(folder, program));
    const found = paths.find((path) => existsSync(path));
    return found === undefined ? undefined : recordedVersion(found, name);
  };
  const provider = "pulumi-resource-aws";
  return localBuildFaults({ pulumi: recorded("pulumi", "pulumi"), [provider]: recorded(provider, "aws-provider") });
}
