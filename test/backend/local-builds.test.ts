import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { expect } from "chai";
import { localBuildsOnPath, recordedVersion } from "@proliferate-infra/backend/local-builds";
import { locallyBuilt, versions } from "@proliferate-infra/tools/versions.mjs";

describe("programs built on this machine", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "local-builds-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  /** Makes a folder for PATH with both programs, and with a record of these versions where they are given. */
  function toolchain(name: string, recorded?: { readonly pulumi: string; readonly provider: string }): string {
    const path = join(folder, name);
    mkdirSync(path);
    for (const program of ["pulumi", "pulumi-resource-aws"]) writeFileSync(join(path, program), "");
    if (recorded !== undefined) {
      const tools = [
        { name: "pulumi", version: recorded.pulumi },
        { name: "aws-provider", version: recorded.provider },
      ];
      writeFileSync(join(path, "toolchain.json"), JSON.stringify({ tools }));
    }
    return path;
  }
  const built = { pulumi: locallyBuilt(versions.pulumi), provider: locallyBuilt(versions.awsProvider) };

  it("are found through the toolchain's record of the first program on PATH", () => {
    const [local, other] = [toolchain("local", built), toolchain("other")];
    const found = localBuildsOnPath({ PATH: [local, other].join(delimiter) });
    expect(found.map(({ message }) => message.split(" ").slice(0, 2).join(" "))).to.deep.equal([
      `pulumi ${built.pulumi}`,
      `pulumi-resource-aws ${built.provider}`,
    ]);
    expect(localBuildsOnPath({ PATH: [other, local].join(delimiter) })).to.deep.equal([]);
    expect(recordedVersion(join(local, "pulumi"), "aws-provider")).to.equal(built.provider);
  });

  it("do not include programs that the toolchain downloaded", () => {
    const official = toolchain("official", { pulumi: versions.pulumi, provider: versions.awsProvider });
    expect(localBuildsOnPath({ PATH: official })).to.deep.equal([]);
    expect(localBuildsOnPath({})).to.deep.equal([]);
  });
});
