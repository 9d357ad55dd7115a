/** How an image gets into a service's repository: the commands of docker or podman. Pure. */

/** Programs that build and push, in the order in which they are looked for. */
export const containerTools = ["docker", "podman"] as const;

/** Program that builds and pushes. */
export type ContainerTool = (typeof containerTools)[number];

/** Where the image comes from. */
export type ImageSource =
  { readonly kind: "folder"; readonly folder: string } | { readonly kind: "image"; readonly image: string };

/** What the task definitions run on. */
export const PLATFORM = "linux/amd64";

/** Arguments that make the image known under the name `target`, such as `<repository>:<tag>`. */
export function prepareArguments(source: ImageSource, target: string): readonly string[] {
  return source.kind === "folder"
    ? ["build", "--platform", PLATFORM, "--tag", target, source.folder]
    : ["tag", source.image, target];
}

/** Arguments that push `target`, logged in by the file `config.json` in `loginFolder` and nothing else. */
export function pushArguments(tool: ContainerTool, target: string, loginFolder: string): readonly string[] {
  return tool === "docker"
    ? ["--config", loginFolder, "push", target]
    : ["push", "--authfile", `${loginFolder}/config.json`, target];
}

/** The text of `config.json` that logs in to one registry; both programs read it. */
export function loginFile(registry: string, login: string): string {
  return JSON.stringify({ auths: { [registry]: { auth: login } } });
}
