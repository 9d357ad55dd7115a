/** Runs docker or podman, whichever is on PATH. */
import { execa } from "execa";
import { StepFailed } from "@proliferate-infra/backend/errors";
import { UserError } from "@proliferate-infra/backend/errors";
import { containerTools, type ContainerTool, type Platform } from "./push-plan.ts";

/**
 * The program that builds and pushes.
 *
 * @throws StepFailed when there is none.
 */
export async function findContainerTool(): Promise<ContainerTool> {
  for (const tool of containerTools) {
    if (!(await execa(tool, ["--version"], { reject: false })).failed) {
      return tool;
    }
  }
  throw new StepFailed(`Neither ${containerTools.join(" nor ")} is on PATH`, {
    fix: "install one of them: it builds and pushes the images",
  });
}

/**
 * The address of docker's daemon, as a variable: docker reads the user's context from the same folder as logins, and a push
 * has a folder of its own. Empty for podman, which has no daemon.
 */
export async function daemonVariables(tool: ContainerTool): Promise<Readonly<Record<string, string>>> {
  if (tool !== "docker") {
    return {};
  }
  const { stdout, failed } = await execa("docker", ["context", "inspect", "--format", "{{.Endpoints.docker.Host}}"], {
    reject: false,
  });
  return failed || stdout === "" ? {} : { DOCKER_HOST: stdout };
}

/**
 * Refuses an image that tasks cannot run. ECS would fail only when it starts a task.
 *
 * @throws UserError when there is no such image, or it is for another platform.
 */
export async function requirePlatform(tool: ContainerTool, image: string, platform: Platform): Promise<void> {
  const { stdout, failed } = await execa(tool, ["image", "inspect", "--format", "{{.Os}}/{{.Architecture}}", image], {
    reject: false,
  });
  if (failed) {
    throw new UserError(`${image} is neither a folder nor an image that ${tool} has here.`);
  }
  if (stdout !== platform) {
    throw new UserError(
      `${image} is built for ${stdout}; tasks run on ${platform}. Build it with --platform ${platform}, ` +
        "or change the setting CpuArchitecture of the service.",
    );
  }
}

/** How to run docker or podman. */
export interface RunOptions {
  /** Environment variables in addition to this process's own. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/**
 * Runs docker or podman; its output goes to standard error.
 *
 * @throws StepFailed when it fails; its own output has the reason.
 */
export async function runContainerTool(
  tool: ContainerTool,
  args: readonly string[],
  { variables = {}, signal }: RunOptions,
): Promise<void> {
  const { failed } = await execa(tool, args, {
    cancelSignal: signal,
    reject: false,
    stdin: "ignore",
    stdout: process.stderr,
    stderr: process.stderr,
    env: { ...variables },
  });
  if (failed) {
    throw new StepFailed(`${tool} ${args.find((arg) => /^[a-z]+$/.test(arg)) ?? ""} failed`, {
      fix: "fix the error above, and run the same command again",
    });
  }
}
