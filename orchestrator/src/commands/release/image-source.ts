/** Source and tag of an image that is pushed. */
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { imageTagKind } from "@proliferate-infra/shared/settings/task-settings";
import { UserError } from "@proliferate-infra/backend/errors";
import type { ImageSource } from "./push-plan.ts";

/**
 * The source that a command line names: a folder with a Dockerfile, or else a local image.
 *
 * @throws UserError when it is a folder that cannot be built.
 */
export function imageSource(text: string): ImageSource {
  if (!existsSync(text) || !statSync(text).isDirectory()) {
    return { kind: "image", image: text };
  }
  if (!["Dockerfile", "Containerfile"].some((name) => existsSync(join(text, name)))) {
    throw new UserError(`${text} has no Dockerfile. Name the folder that has it, or a local image.`);
  }
  return { kind: "folder", folder: text };
}

/**
 * The tag of the command line, or else the commit of the folder's git repository, which identifies the content of the image.
 *
 * @throws UserError when the tag is not allowed, or there is no commit with exactly that content.
 */
export async function imageTag(source: ImageSource, option: string | undefined): Promise<string> {
  if (option !== undefined) {
    if (imageTagKind.parse(option) === undefined || option.startsWith("sha256:")) {
      throw new UserError(`--tag ${option}: must be letters, digits, "_", "." and "-", at most 128.`);
    }
    return option;
  }
  if (source.kind === "image") {
    throw new UserError("A local image has no commit that could be its tag: add --tag.");
  }
  const git = (...args: readonly string[]) => execa("git", ["-C", source.folder, ...args], { reject: false });
  const [commit, changes] = await Promise.all([
    git("rev-parse", "--short=12", "HEAD"),
    git("status", "--porcelain", "."),
  ]);
  if (commit.failed || changes.failed) {
    throw new UserError(`${source.folder} is in no git repository, so no commit can be the tag: add --tag.`);
  }
  if (changes.stdout !== "") {
    throw new UserError(
      `${source.folder} has changes that are not committed, so ${commit.stdout} would be the wrong tag. Commit them, or add --tag.`,
    );
  }
  return commit.stdout;
}
