/** What an image is made from, and the tag that it gets. */
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { imageTagKind } from "@proliferate-infra/shared/settings/services-settings";
import { UserError } from "@proliferate-infra/backend/errors";
import type { ImageSource } from "./push-plan.ts";

/**
 * A folder with a Dockerfile, or else the name of a local image.
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
 * The tag as asked for, else the commit of the folder's repository: a tag is used once only, and says what is in it.
 *
 * @throws UserError when there is none.
 */
export async function imageTag(source: ImageSource, asked: string | undefined): Promise<string> {
  if (asked !== undefined) {
    if (imageTagKind.parse(asked) === undefined || asked.startsWith("sha256:")) {
      throw new UserError(`--tag ${asked}: must be letters, digits, "_", "." and "-", at most 128.`);
    }
    return asked;
  }
  if (source.kind === "image") {
    throw new UserError("A local image needs a tag of its own in the repository: add --tag.");
  }
  const git = (...args: readonly string[]) => execa("git", ["-C", source.folder, ...args], { reject: false });
  const [commit, changes] = await Promise.all([
    git("rev-parse", "--short=12", "HEAD"),
    git("status", "--porcelain", "."),
  ]);
  if (commit.failed || changes.failed) {
    throw new UserError(`${source.folder} is in no git repository whose commit could be the tag: add --tag.`);
  }
  if (changes.stdout !== "") {
    throw new UserError(
      `${source.folder} has changes that are not committed, so ${commit.stdout} would not say what is in the image. Commit them, or add --tag.`,
    );
  }
  return commit.stdout;
}
