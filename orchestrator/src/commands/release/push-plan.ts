/** Arguments of docker and podman that push an image into a service's repository. Pure. */

/** Programs that build and push, in the order in which they are looked for. */
export const containerTools = ["docker", "podman"] as const;

/** Program that builds and pushes. */
export type ContainerTool = (typeof containerTools)[number];

/** A folder with a Dockerfile, or an image that docker or podman has. */
export type ImageSource =
  { readonly kind: "folder"; readonly folder: string } | { readonly kind: "image"; readonly image: string };

/** Platform that an image is built for. */
export type Platform = "linux/amd64" | "linux/arm64";

/** Platform of a service's tasks; `architecture` is the text of its setting CpuArchitecture, undefined where it has none. */
export function platformOf(architecture: string | undefined): Platform {
  return architecture === "ARM64" ? "linux/arm64" : "linux/amd64";
}

/** Arguments that build the image, or name an existing one, as `target`, such as `<repository>:<tag>`. */
export function prepareArguments(source: ImageSource, target: string, platform: Platform): readonly string[] {
  return source.kind === "folder"
    ? ["build", "--platform", platform, "--tag", target, source.folder]
    : ["tag", source.image, target];
}

/** Variables of a build: docker adds an attestation to an image by default, which ECR stores as a second image. */
export const buildVariables = { BUILDX_NO_DEFAULT_ATTESTATIONS: "1" };

/** Arguments that push `target` with the login in `config.json` in `loginFolder`, and no other. */
export function pushArguments(tool: ContainerTool, target: string, loginFolder: string): readonly string[] {
  return tool === "docker"
    ? ["--config", loginFolder, "push", target]
    : ["push", "--authfile", `${loginFolder}/config.json`, target];
}

/** The text of a `config.json` with the login to one registry; docker and podman read the same format. */
export function loginFile(registry: string, login: string): string {
  return JSON.stringify({ auths: { [registry]: { auth: login } } });
}
