/**
 * Versions of the tools on PATH. The toolchain of scripts/lib/toolchain.sh has looked at what it put there and has written it
 * down beside; only other programs are started to ask them, which takes a quarter of a second each.
 */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { z } from "zod";
import { findExecutable, versionOf } from "@proliferate-infra/tools/lib/executables.mjs";
import { formatVersion, parseVersion, type Version } from "@proliferate-infra/tools/lib/version-numbers.mjs";
import { UserError } from "@proliferate-infra/backend/errors";

const toolchainSchema = z.object({ tools: z.array(z.object({ name: z.string(), version: z.string() })) });

/** Version of `program`, which the toolchain knows as `name`; undefined when there is none, or it does not say. */
export async function toolVersion(
  program: string | undefined,
  name: string,
  parameters: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<Version | undefined> {
  if (program === undefined) {
    return undefined;
  }
  const record = join(dirname(program), "toolchain.json");
  const written = existsSync(record) ? toolchainSchema.safeParse(JSON.parse(readFileSync(record, "utf8"))) : undefined;
  const known = written?.data?.tools.find((tool) => tool.name === name);
  return known === undefined ? versionOf(program, parameters, env) : parseVersion(known.version);
}

/** Version of a Pulumi CLI. */
export async function pulumiVersionAt(
  program: string | undefined,
  env: NodeJS.ProcessEnv,
): Promise<Version | undefined> {
  return toolVersion(program, "pulumi", ["version"], env);
}

/**
 * Version of the Pulumi CLI on PATH, such as `3.259.0`.
 *
 * @throws UserError when there is none.
 */
export async function pulumiVersion(env: NodeJS.ProcessEnv = process.env): Promise<string> {
  const version = await pulumiVersionAt(findExecutable("pulumi", { path: env.PATH }), env);
  if (version === undefined) {
    throw new UserError(
      "The Pulumi CLI (pulumi) is not on PATH, or does not start. Use the scripts of scripts/, or: source scripts/lib/toolchain.sh && use_toolchain",
    );
  }
  return formatVersion(version);
}
