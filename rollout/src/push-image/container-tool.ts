/** docker or podman, whichever is there. */
import { execa } from "execa";
import { ToolFault } from "../../../tools/lib/tool-fault.mjs";
import { containerTools, type ContainerTool } from "./push-plan.ts";

/**
 * The program that builds and pushes.
 *
 * @throws ToolFault when there is none.
 */
export async function findContainerTool(): Promise<ContainerTool> {
  for (const tool of containerTools) {
    if (!(await execa(tool, ["--version"], { reject: false })).failed) {
      return tool;
    }
  }
  throw new ToolFault(`Neither ${containerTools.join(" nor ")} is on PATH`, {
    mend: "install one of them; images are built and pushed with it",
  });
}

/**
 * Where docker's daemon is. A login folder of one's own has none of the user's contexts, so their choice is kept this way.
 * Nothing for podman, which has no daemon.
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
 * Runs the program; what it says goes to standard error.
 *
 * @throws ToolFault when it fails; it has said why.
 */
export async function runContainerTool(
  tool: ContainerTool,
  args: readonly string[],
  variables: Readonly<Record<string, string>> = {},
): Promise<void> {
  const { failed } = await execa(tool, args, {
    reject: false,
    stdin: "ignore",
    stdout: process.stderr,
    stderr: process.stderr,
    env: { ...variables },
  });
  if (failed) {
    throw new ToolFault(`${tool} ${args.find((arg) => /^[a-z]+$/.test(arg)) ?? ""} failed`, {
      mend: "mend what it says above, and run the same command again",
    });
  }
}
