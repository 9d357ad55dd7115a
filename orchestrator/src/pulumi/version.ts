/**
 * Versions of the tools on PATH. scripts/lib/toolchain.sh records the versions of its own tools in a file beside them. Only other
 * programs are started for their version, which takes a quarter of a second each.
 */
import { tmpdir } from "node:os";
import { execa } from "execa";
import { coerce, type SemVer } from "semver";
import which from "which";
import { UserError } from "@proliferate-infra/backend/errors";
import { recordedVersion } from "@proliferate-infra/backend/local-builds";

/** Time that a program has to print its version, in milliseconds. */
const TIMEOUT_MS = 10_000;

/** Version of `program`, which the toolchain knows as `name`; undefined when there is none, or it does not print one. */
export async function toolVersion(
  program: string | undefined,
  name: string,
  parameters: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<SemVer | undefined> {
  if (program === undefined) {
    return undefined;
  }
  return parseVersion(recordedVersion(program, name) ?? (await versionText(program, parameters, env)));
}

/** The first version number in a text, such as `pulumi-resource-aws v7.48.0`. */
export function parseVersion(text: string): SemVer | undefined {
  return coerce(text, { includePrerelease: true }) ?? undefined;
}

/** Runs outside of the checkout, whose settings may change what a program does, and without a check for a newer release. */
async function versionText(program: string, parameters: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  const variables = { ...env, PULUMI_SKIP_UPDATE_CHECK: "true" };
  const options = { cwd: tmpdir(), env: variables, extendEnv: false, timeout: TIMEOUT_MS, reject: false } as const;
  const { stdout, failed } = await execa(program, parameters, options);
  return failed ? "" : stdout;
}

/** Absolute path of a program on that PATH; undefined when there is none. */
export async function findProgram(name: string, path: string | undefined): Promise<string | undefined> {
  return (await which(name, { path: path ?? "", nothrow: true })) ?? undefined;
}

/** Version of a Pulumi CLI. */
export async function pulumiVersionAt(
  program: string | undefined,
  env: NodeJS.ProcessEnv,
): Promise<SemVer | undefined> {
  return toolVersion(program, "pulumi", ["version"], env);
}

/**
 * Version of the Pulumi CLI on PATH, such as `3.259.0`.
 *
 * @throws UserError when there is none.
 */
export async function pulumiVersion(env: NodeJS.ProcessEnv = process.env): Promise<string> {
  const version = await pulumiVersionAt(await findProgram("pulumi", env.PATH), env);
  if (version === undefined) {
    throw new UserError(
      "The Pulumi CLI (pulumi) is not on PATH, or does not start. Use ./rollout, or: source scripts/env.sh <stack>",
    );
  }
  return version.version;
}
