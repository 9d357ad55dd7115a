import { expect } from "chai";
import fc from "fast-check";
import {
  containerTools,
  loginFile,
  platformOf,
  prepareArguments,
  pushArguments,
} from "@proliferate-infra/orchestrator/commands/release/push-plan";

const target = "123456789012.dkr.ecr.us-east-1.amazonaws.com/app-gateway:v1";

describe("the commands of a push", () => {
  it("build for the tasks' platform, or use a local image", () => {
    for (const [architecture, platform] of [
      [undefined, "linux/amd64"],
      ["X86_64", "linux/amd64"],
      ["ARM64", "linux/arm64"],
    ] as const) {
      expect(
        prepareArguments({ kind: "folder", folder: "../gateway" }, target, platformOf(architecture)),
      ).to.deep.equal(["build", "--platform", platform, "--tag", target, "../gateway"]);
    }
    expect(prepareArguments({ kind: "image", image: "gateway:dev" }, target, "linux/amd64")).to.deep.equal([
      ...["tag", "gateway:dev", target],
    ]);
  });

  it("push with a separate login file", () => {
    expect(pushArguments("docker", target, "/login")).to.deep.equal(["--config", "/login", "push", target]);
    expect(pushArguments("podman", target, "/login")).to.deep.equal([
      ...["push", "--authfile", "/login/config.json", target],
    ]);
  });

  it("never have the login among their arguments", () => {
    fc.assert(
      fc.property(fc.base64String({ minLength: 12 }), fc.constantFrom(...containerTools), (login, tool) => {
        expect(pushArguments(tool, target, "/login").join(" ")).not.to.contain(login);
        expect(JSON.parse(loginFile("registry", login))).to.deep.equal({ auths: { registry: { auth: login } } });
      }),
    );
  });
});
