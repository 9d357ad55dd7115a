/** `rollout push-image`: builds an image or takes a local one, and pushes it into a service's repository under a new tag. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findEnvironment } from "@proliferate-infra/backend/environment/environment";
import { ExitCode, UserError } from "@proliferate-infra/backend/errors";
import { deployedOutputs } from "./deployed-outputs.ts";
import { repositoryFor, type Repository } from "../../aws/repository.ts";
import { serviceKey, serviceName, serviceNames } from "@proliferate-infra/shared/services";
import { configuredText } from "@proliferate-infra/backend/pulumi-files/stack-file";
import { repositoryRoot } from "@proliferate-infra/backend/root";
import { say } from "../../terminal/say.ts";
import { withSignals } from "../../terminal/signals.ts";
import { daemonVariables, findContainerTool, requirePlatform, runContainerTool } from "./container-tool.ts";
import { imageSource, imageTag } from "./image-source.ts";
import {
  loginFile,
  platformOf,
  prepareArguments,
  pushArguments,
  buildVariables,
  type ContainerTool,
} from "./push-plan.ts";

export interface PushImageOptions {
  readonly stack: string;
  /** Tag in the repository; the default is the commit of the folder. */
  readonly tag?: string;
}

/** A signal ends docker or podman, and then the login is removed. */
const SIGNAL_MESSAGES = {
  first: "Interrupted: stopping the push.",
  second: "Interrupted again: the push is being stopped.",
};

/** Checks everything, builds, pushes, prints tag and digest. Returns the exit code. */
export async function pushImage(name: string, from: string, options: PushImageOptions): Promise<number> {
  const { stack } = options;
  const key = serviceKey(name);
  if (key === undefined) {
    throw new UserError(`There is no service ${name}. The services are: ${serviceNames.join(", ")}.`);
  }
  const service = serviceName(key);
  const source = imageSource(from);
  const [tag, tool] = await Promise.all([imageTag(source, options.tag), findContainerTool()]);
  const outputs = await deployedOutputs(findEnvironment(repositoryRoot, stack, process.env));
  const repository = repositoryFor(service, outputs, stack);
  const { digestOf } = await import("../../aws/ecr.ts");
  const release = `scripts/release.sh --stack ${stack} ${service}=${tag}`;
  const before = await digestOf(repository, tag);
  if (before !== undefined) {
    throw new UserError(
      `${repository.repositoryName} has the tag ${tag} already (${before}), and a tag never changes. Run that image, or push under another --tag:\n  ${release}`,
    );
  }
  const architecture = configuredText(repositoryRoot, "services", stack, `${key}CpuArchitecture`);
  const platform = platformOf(architecture);
  if (source.kind === "image") {
    await requirePlatform(tool, source.image, platform);
  }
  const target = `${repository.url}:${tag}`;
  const isPushed = await withSignals(async ({ requested: signal }) => {
    try {
      await runContainerTool(tool, prepareArguments(source, target, platform), { variables: buildVariables, signal });
      await push(tool, target, repository, signal);
      return true;
    } catch (error) {
      if (signal.aborted) {
        return false;
      }
      throw error;
    }
  }, SIGNAL_MESSAGES);
  if (!isPushed) {
    return ExitCode.interrupted;
  }
  const digest = await digestOf(repository, tag);
  if (digest === undefined) {
    throw new UserError(`${tool} pushed ${target}, but the repository does not have it. Run the same command again.`);
  }
  process.stdout.write(`${service} ${tag} ${digest}\n`);
  say(`\nTo run it:\n  ${release}`);
  return ExitCode.done;
}

/** Logs in with a file in a temporary folder, so that the password is in no argument and the user's own logins do not change. */
async function push(
  tool: ContainerTool,
  target: string,
  { registry, region }: Repository,
  signal: AbortSignal,
): Promise<void> {
  const { registryLogin } = await import("../../aws/ecr.ts");
  const folder = mkdtempSync(join(tmpdir(), "proliferate-login-"));
  try {
    writeFileSync(join(folder, "config.json"), loginFile(registry, await registryLogin(region)), { mode: 0o600 });
    const variables = await daemonVariables(tool);
    await runContainerTool(tool, pushArguments(tool, target, folder), { variables, signal });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
