import { expect } from "chai";
import fc from "fast-check";
import { goPlatform, platformName } from "@proliferate-infra/tools/lib/platform.mjs";
import { nodePackages } from "@proliferate-infra/tools/versions.mjs";

const supported = ["linux-x64", "linux-arm64", "darwin-x64", "darwin-arm64"];

describe("platform names", () => {
  it("are those of Node.js, with amd64 for x64 in Go's names", () => {
    expect(platformName("linux", "x64")).to.equal("linux-x64");
    expect(goPlatform("darwin-x64")).to.equal("darwin-amd64");
    expect(goPlatform("linux-arm64")).to.equal("linux-arm64");
  });

  it("exist for the supported systems only; others are refused by name", () => {
    fc.assert(
      fc.property(
        fc.constantFrom("linux", "darwin", "win32", "freebsd"),
        fc.constantFrom("x64", "arm64", "ia32", "s390x"),
        (system, processor) => {
          const name = `${system}-${processor}`;
          if (supported.includes(name)) expect(platformName(system, processor)).to.equal(name);
          else expect(() => platformName(system, processor)).to.throw(name);
        },
      ),
    );
  });

  it("each have a Node.js package in the registry", () => {
    expect(Object.keys(nodePackages)).to.have.members(supported);
  });
});
