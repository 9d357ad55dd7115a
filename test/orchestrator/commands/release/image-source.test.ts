import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { execa } from "execa";
import { UserError } from "@proliferate-infra/backend/errors";
import { imageSource, imageTag } from "@proliferate-infra/orchestrator/commands/release/image-source";
import { failureOf } from "@proliferate-infra/testing/failure";
import { withVariables } from "@proliferate-infra/testing/process-variables";

describe("the source of an image", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "proliferate-image-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  /** A committed folder with a Dockerfile. */
  const committed = async () => {
    const git = (...args: readonly string[]) => execa("git", ["-C", folder, ...args]);
    writeFileSync(join(folder, "Dockerfile"), "FROM scratch\n");
    await git("init", "--quiet");
    await git("add", ".");
    await git("-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "--quiet", "--message", "first");
    return (await git("rev-parse", "--short=12", "HEAD")).stdout;
  };

  it("is a folder with a Dockerfile, or else a local image", () => {
    expect(imageSource("gateway:dev")).to.deep.equal({ kind: "image", image: "gateway:dev" });
    expect(() => imageSource(folder)).to.throw(UserError, "has no Dockerfile");
    writeFileSync(join(folder, "Dockerfile"), "");
    expect(imageSource(folder)).to.deep.equal({ kind: "folder", folder });
  });

  it("determines the tag: the commit of a folder without uncommitted changes", async () => {
    const commit = await committed();
    expect(await imageTag({ kind: "folder", folder }, undefined)).to.equal(commit);
    writeFileSync(join(folder, "Dockerfile"), "FROM other\n");
    const fault = await failureOf(imageTag({ kind: "folder", folder }, undefined));
    expect(fault).to.be.instanceOf(UserError);
    expect(String(fault)).to.contain("changes that are not committed");
    expect(await imageTag({ kind: "folder", folder }, "v1")).to.equal("v1");
  });

  it("needs an explicit tag without a clean commit", async () => {
    const outside = join(folder, "plain");
    mkdirSync(outside);
    const restore = withVariables({ ...process.env, GIT_CEILING_DIRECTORIES: folder });
    try {
      expect(String(await failureOf(imageTag({ kind: "folder", folder: outside }, undefined)))).to.contain("--tag");
    } finally {
      restore();
    }
    expect(String(await failureOf(imageTag({ kind: "image", image: "a" }, undefined)))).to.contain("--tag");
    for (const wrong of ["-x", "a b", `sha256:${"0".repeat(64)}`]) {
      expect(String(await failureOf(imageTag({ kind: "image", image: "a" }, wrong)))).to.contain("must be letters");
    }
  });
});
